using System.Security.Cryptography;
using System.Text;

namespace Belay.Connectors.MongoDb;

/// <summary>The name of the database in which a step proves its archive: the same after a crash, so that the next attempt finds it.</summary>
internal static class ScratchName
{
    // https://www.mongodb.com/docs/manual/reference/limits/: a database's name has at most 63 bytes.
    private const int Longest = 63;
    private const int MarkLength = 10;

    public static string Of(string database, string token)
    {
        var mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))[..MarkLength];
        var end = $"_belay_scratch_{mark}";
        var begin = database;
        while (Encoding.UTF8.GetByteCount(begin) + end.Length > Longest)
            begin = begin[..^1];
        return begin + end;
    }
}
