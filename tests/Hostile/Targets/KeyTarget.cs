using System.Collections.Immutable;
using System.Text;
using Belay.Domain.Evidence;
using Hostile.Corpus;
using Hostile.Mutators;

namespace Hostile.Targets;

/// <summary>Keys, public and private, locked and not.</summary>
internal sealed class KeyTarget : ITarget
{
    public string Name => "key";

    public ImmutableArray<Sample> Samples { get; } =
    [
        new("a public key", Encoding.UTF8.GetBytes(SignedRun.Key.Pem)),
        .. Directory
            .EnumerateFiles(Repository.PathOf("tests/Hostile/keys"), "*.pem")
            .Order(StringComparer.Ordinal)
            .Select(file => new Sample(Path.GetFileName(file), File.ReadAllBytes(file))),
    ];

    public byte[] Mutate(Mutation mutation, Sample sample, Sample other)
    {
        if (mutation.OneIn(2))
            return mutation.Text(sample.Bytes, other.Bytes);
        // Behind the base64 the bytes themselves are changed.
        var lines = Encoding.Latin1.GetString(sample.Bytes).Split('\n');
        var der = Convert.FromBase64String(string.Concat(lines.Where(line => line.Length > 0 && line[0] != '-')));
        for (var times = mutation.Times(); times > 0 && der.Length > 0; times--)
            der = mutation.Bytes(der, der);
        return Encoding.Latin1.GetBytes(
            $"{lines[0]}\n{Convert.ToBase64String(der, Base64FormattingOptions.InsertLineBreaks)}\n{lines.Last(line => line.Length > 0)}\n"
        );
    }

    public void Prepare(Sample sample, byte[] input) { }

    public bool Try(Sample sample, byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        var (isPublic, isPrivate) = (
            Reads(() => PublicKey.Parse(text).Id),
            Reads(() => Used(SigningKey.Parse(text, SigningKey.IsLocked(text) ? "open" : null)))
        );
        return isPublic || isPrivate;
    }

    public void TryAtLength() { }

    private static string Used(SigningKey key)
    {
        using (key)
            return key.Public.Id;
    }

    private static bool Reads(Func<string> read)
    {
        try
        {
            _ = read();
            return true;
        }
        catch (BadKeyException)
        {
            return false;
        }
    }
}
