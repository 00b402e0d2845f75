using System.CommandLine;
using Belay.Domain.Evidence;
using Belay.Domain.Journal;
using Belay.Domain.Readings;

namespace Belay.Cli.Work;

/// <summary>Keys as files: a private one is its owner's alone, and never leaves its file.</summary>
internal static class KeyFiles
{
    /// <summary>Names the file of the private key when no option does.</summary>
    public const string Variable = "BELAY_KEY";

    /// <summary>Names the file with the passphrase of a key that is locked.</summary>
    public const string PassphraseVariable = "BELAY_KEY_PASSPHRASE_FILE";

    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>The private key to sign with.</summary>
    public static Option<string?> Option() =>
        new("--key")
        {
            Description = $"Your private key, to sign this with; without it the file that {Variable} names",
            HelpName = "FILE",
        };

    /// <summary>Where a key lies when nobody says otherwise.</summary>
    public static string CustomaryPath(string stateFolder) => Path.Combine(stateFolder, "key.pem");

    /// <summary>Where the public key lies beside a private one.</summary>
    public static string PublicPath(string path) => path + ".pub";

    /// <summary>Makes a new key and writes it, readable by its owner only, with its public key beside it.</summary>
    /// <exception cref="IOException">There is a file already.</exception>
    public static PublicKey Create(string path)
    {
        using var key = SigningKey.New();
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        WriteNew(path, key.ToPem(Passphrase()), OwnerOnly);
        File.WriteAllText(PublicPath(path), key.Public.Pem);
        return key.Public;
    }

    /// <summary>The key to sign with: the one that is named, that <see cref="Variable"/> names, or that <c>belay init</c> made here; null: there is none.</summary>
    /// <exception cref="Refusal">It cannot be read or used.</exception>
    public static SigningKey? Find(this Workplace place, string? named) =>
        named is not null ? Read(named)
        : Environment.GetEnvironmentVariable(Variable) is { Length: > 0 } set ? Read(set)
        : File.Exists(CustomaryPath(place.StateFolder)) ? Read(CustomaryPath(place.StateFolder))
        : null;

    /// <summary>Signs a person's word where it can be of use: a key was named, or the environment knows a key of theirs.</summary>
    /// <param name="place">The workplace.</param>
    /// <param name="reading">The run.</param>
    /// <param name="word">What they say.</param>
    /// <param name="by">Who.</param>
    /// <param name="named">The key that they named; null: none.</param>
    /// <param name="signers">The keys of the environment's people.</param>
    /// <exception cref="Refusal">The key cannot be used; or the word would not count.</exception>
    public static FactSignature? Sign(
        this Workplace place,
        RunReading reading,
        JournalEvent word,
        string by,
        string? named,
        Signers signers
    )
    {
        if (named is null && signers.KeyOf(by) is null)
            return null;
        using var key = place.Find(named);
        return key is null
            ? null
            : PersonalFact.Sign(word, FactLog.Of(reading.Milestones), key, place.Clock.GetUtcNow());
    }

    /// <summary>Says at once what the engine, whose word counts, would say later.</summary>
    /// <exception cref="Refusal">The word does not count as it is signed.</exception>
    public static void RefuseUnsigned(RunReading reading, JournalEvent word, Signers signers)
    {
        if (FactRules.WhyNot(word, FactLog.Of(reading.Milestones), signers) is { } why)
            throw new Refusal(ExitCode.Failed, $"it does not count: {why}");
    }

    /// <summary>Reads a public key.</summary>
    /// <exception cref="Refusal">It cannot be read, or is none.</exception>
    public static PublicKey ReadPublic(string path) => Parse(path, ReadText(path), PublicKey.Parse);

    /// <summary>Reads a private key.</summary>
    /// <exception cref="Refusal">It cannot be read, is none, or others may read it.</exception>
    public static SigningKey Read(string path)
    {
        var pem = ReadText(path);
        if ((File.GetUnixFileMode(path) & ~(OwnerOnly | UnixFileMode.UserExecute)) != UnixFileMode.None)
            throw new Refusal(
                ExitCode.BadUsage,
                $"{path}: others than its owner may use this private key: chmod 600 {path}"
            );
        return Parse(path, pem, text => SigningKey.Parse(text, SigningKey.IsLocked(text) ? Passphrase() : null));
    }

    private static T Parse<T>(string path, string pem, Func<string, T> parse)
    {
        try
        {
            return parse(pem);
        }
        catch (BadKeyException e)
        {
            var hint = SigningKey.IsLocked(pem) ? $" ({PassphraseVariable} names the file with it)" : "";
            throw new Refusal(ExitCode.BadUsage, $"{path}: {e.Message}{hint}");
        }
    }

    private static string? Passphrase() =>
        Environment.GetEnvironmentVariable(PassphraseVariable) is { Length: > 0 } file
            ? ReadText(file).TrimEnd('\r', '\n')
            : null;

    // A device has no end: never more than a key can be.
    private static string ReadText(string path)
    {
        try
        {
            using var reader = new StreamReader(path);
            var buffer = new char[PublicKey.GreatestLength + 1];
            return new string(buffer, 0, reader.ReadBlock(buffer));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new Refusal(ExitCode.BadUsage, $"{path}: the key cannot be read: {e.Message}");
        }
    }

    private static void WriteNew(string path, string text, UnixFileMode mode)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = mode,
        };
        using var file = new StreamWriter(path, options);
        file.Write(text);
    }
}
