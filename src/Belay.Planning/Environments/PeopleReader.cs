using System.Collections.Frozen;
using System.Globalization;
using Belay.Domain.Evidence;
using Belay.Planning.Yaml;

namespace Belay.Planning.Environments;

/// <summary>Reads <c>people</c>: who signs with which key. <c>ben: { key: PEM, or the path of a file with it }</c>.</summary>
/// <param name="problems">Takes the diagnostics.</param>
/// <param name="files">Takes the files of keys: who may sign is part of what is approved.</param>
internal sealed class PeopleReader(Problems problems, UsedFiles files)
{
    private const string Hint = "write { key: PATH } with a file that belay init made, or the text of the public key";

    /// <param name="people">The people.</param>
    /// <param name="required">Whether everybody must sign.</param>
    public Signers Read(MapNode? people, bool required)
    {
        var keys = new Dictionary<string, PublicKey>(StringComparer.Ordinal);
        var revoked = new Dictionary<string, DateTimeOffset>(StringComparer.Ordinal);
        foreach (var person in people?.Members ?? [])
        {
            if (person.Value is not MapNode map)
            {
                problems.Report(
                    DiagnosticCodes.WrongValue,
                    person.Value.At,
                    $"expected what is known of '{person.Key}', not {person.Value.What}",
                    Hint
                );
                continue;
            }
            var fields = new Fields(map, problems);
            var since = RevokedOf(fields);
            if (fields.Required("key", "their public key") is { } node && KeyOf(fields, node) is { } key)
            {
                keys[person.Key] = key;
                if (since is not null)
                    revoked[key.Id] = since.Value;
            }
            fields.End();
        }
        ReportShared(keys, people);
        return new Signers
        {
            Keys = keys.ToFrozenDictionary(StringComparer.Ordinal),
            Revoked = revoked.ToFrozenDictionary(StringComparer.Ordinal),
            Required = required,
        };
    }

    /// <summary>A day means from its beginning on, UTC.</summary>
    private static DateTimeOffset? RevokedOf(Fields fields)
    {
        if (fields.Take("revoked") is not { } node || fields.AsText(node) is not { } text)
            return null;
        if (
            DateTimeOffset.TryParseExact(
                text,
                ["yyyy-MM-dd", "yyyy-MM-dd'T'HH:mm'Z'", "yyyy-MM-dd'T'HH:mm:ss'Z'"],
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var since
            )
        )
            return since;
        fields.Wrong(node, "a day such as 2027-01-31, or a moment such as 2027-01-31T12:00Z");
        return null;
    }

    private PublicKey? KeyOf(Fields fields, Node node)
    {
        if (fields.AsText(node) is not { } text || TextOf(text, node) is not { } pem)
            return null;
        try
        {
            return PublicKey.Parse(pem);
        }
        catch (BadKeyException e)
        {
            problems.Report(DiagnosticCodes.Key, node.At, e.Message, Hint);
            return null;
        }
    }

    private string? TextOf(string text, Node node)
    {
        if (text.Contains("-----BEGIN", StringComparison.Ordinal))
            return text;
        var path = Path.GetFullPath(text, files.PlanFolder);
        if (SourceText.Read(path, text, problems, node.At) is not { } read)
            return null;
        files.Add(path, read.Sha256);
        return read.Text;
    }

    // Two who have one key could each speak for the other.
    private void ReportShared(Dictionary<string, PublicKey> keys, MapNode? people)
    {
        foreach (var same in keys.GroupBy(known => known.Value.Id, known => known.Key, StringComparer.Ordinal))
        {
            foreach (var person in same.Skip(1))
                problems.Report(
                    DiagnosticCodes.Key,
                    people!.Members.First(member => member.Key == person).KeyAt,
                    $"'{person}' has the key of '{same.First()}'",
                    "each person has a key of their own"
                );
        }
    }
}
