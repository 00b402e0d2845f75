using System.Collections.Frozen;
using System.Text;
using Belay.Domain.Evidence;
using Belay.Domain.Journal;

namespace Hostile.Corpus;

/// <summary>A run of an earlier version in which people signed their words, with its attestation and the key of all of them.</summary>
internal static class SignedRun
{
    private const string Folder = "tests/Histories/0.1.0";

    public static string Journal { get; } = Repository.PathOf($"{Folder}/signed.jsonl");

    public static PublicKey Key { get; } = PublicKey.Parse(File.ReadAllText(Repository.PathOf($"{Folder}/signed.pub")));

    public static byte[] Attestation { get; } =
        File.ReadAllBytes(Repository.PathOf($"{Folder}/signed.attestation.json"));

    /// <summary>The people whose words count.</summary>
    public static Signers People { get; } =
        new()
        {
            Keys = new Dictionary<string, PublicKey>(StringComparer.Ordinal) { ["ben"] = Key }.ToFrozenDictionary(
                StringComparer.Ordinal
            ),
            Required = true,
        };

    /// <summary>What the journal tells for evidence.</summary>
    public static RunAccount Account { get; } = Told();

    private static RunAccount Told()
    {
        var account = new RunAccount();
        foreach (var line in File.ReadLines(Journal))
            account.Apply(JournalLine.Read(Encoding.UTF8.GetBytes(line)));
        return account;
    }
}
