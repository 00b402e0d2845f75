using System.Security.Cryptography;
using System.Text;

namespace Belay.Connectors.PostgreSql;

/// <summary>The names of the databases that a step makes beside one: the same after a crash, so that the next attempt finds them.</summary>
internal sealed class DatabaseNames(string database, string token)
{
    // PostgreSQL cuts names after 63 bytes (NAMEDATALEN).
    private const int Longest = 63;
    private readonly string mark = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(token)))[..10];

    /// <summary>Where a backup is proven.</summary>
    public string Scratch => Beside("scratch");

    /// <summary>Where an archive is restored to before it gets the name.</summary>
    public string Fresh => Beside("fresh");

    /// <summary>Where the replaced database is kept.</summary>
    public string Replaced => Beside("replaced");

    /// <summary>The line in a database's comment that says that this step restored it.</summary>
    public string Mark => $"[belay restored {mark}]";

    private string Beside(string role)
    {
        var end = $"_belay_{role}_{mark}";
        var begin = database;
        while (Encoding.UTF8.GetByteCount(begin) + end.Length > Longest)
            begin = begin[..^1];
        return begin + end;
    }
}
