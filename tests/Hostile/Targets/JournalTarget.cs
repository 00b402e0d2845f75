using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using Belay.Domain.Evidence;
using Belay.Domain.Journal;
using Belay.Engine.Ports;
using Belay.Stores.Files;
using Hostile.Corpus;
using Hostile.Mutators;

namespace Hostile.Targets;

/// <summary>Journals: proven, folded, listed, and shown as every screen and report shows them. Most are chained again after they were changed, as somebody would who can write the file.</summary>
internal sealed class JournalTarget : ITarget
{
    private const string Run = "run-1";

    private readonly string path;
    private readonly FileStore store;

    public JournalTarget(string folder)
    {
        var state = Path.Combine(folder, "journals");
        path = Path.Combine(state, "runs", Run, "journal.jsonl");
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        store = new FileStore(state, Path.Combine(folder, "keys"), TimeProvider.System);
    }

    public string Name => "journal";

    public ImmutableArray<Sample> Samples => JournalCorpus.All;

    public string? Refusal { get; private set; }

    public byte[] Mutate(Mutation mutation, Sample sample, Sample other) =>
        mutation.OneIn(6) ? mutation.Bytes(sample.Bytes, other.Bytes)
        : mutation.OneIn(8) ? mutation.Text(sample.Bytes, other.Bytes)
        : Chained(mutation, sample, other);

    public void Prepare(Sample sample, byte[] input) => File.WriteAllBytes(path, input);

    public bool Try(Sample sample, byte[] input)
    {
        var account = new RunAccount();
        var entries = new List<JournalEntry>();
        Refusal = null;
        var whole = Read(account, entries);
        List();
        if (entries.Count > 0)
            ReadRun.Use(account, entries, whole);
        return whole is not null;
    }

    public void TryAtLength() { }

    /// <returns>The proof; null: it is refused, and everything before the damage was read.</returns>
    private JournalProof? Read(RunAccount account, List<JournalEntry> entries)
    {
        try
        {
            return JournalProof.Of(
                path,
                entry =>
                {
                    account.Apply(entry);
                    entries.Add(entry);
                }
            );
        }
        catch (JournalException e)
        {
            MustSayWhere(e);
            Refusal = e.Message;
            return null;
        }
    }

    /// <summary>What a verb does that was not told which run.</summary>
    private void List()
    {
        try
        {
            _ = store.Journals.ListAsync(environment: null, CancellationToken.None).GetAwaiter().GetResult();
            _ = store.Journals.BeginningAsync(Run, CancellationToken.None).GetAwaiter().GetResult();
        }
        catch (JournalException e)
        {
            MustSayWhere(e);
        }
    }

    private void MustSayWhere(JournalException e)
    {
        if (!e.Message.Contains(path, StringComparison.Ordinal))
            throw new BrokenPromiseException($"the refusal does not name the file: {e.Message}");
    }

    /// <summary>Some lines changed as JSON, all numbered and chained anew.</summary>
    private static byte[] Chained(Mutation mutation, Sample sample, Sample other)
    {
        var lines = Lines(sample.Bytes);
        var strange = Lines(other.Bytes);
        for (var times = mutation.Times(); times > 0; times--)
        {
            var at = mutation.Random.Next(lines.Count);
            switch (mutation.Random.Next(8))
            {
                case 0 when lines.Count > 1:
                    lines.RemoveAt(at);
                    break;
                case 1:
                    lines.Insert(mutation.Random.Next(lines.Count + 1), lines[at]);
                    break;
                case 2:
                    lines.Insert(at, mutation.Any(strange));
                    break;
                case 3:
                    var with = mutation.Random.Next(lines.Count);
                    (lines[at], lines[with]) = (lines[with], lines[at]);
                    break;
                default:
                    lines[at] = mutation.Json(lines[at], mutation.Any(strange));
                    break;
            }
        }
        return Chain(lines);
    }

    private static List<byte[]> Lines(byte[] text) =>
        [
            .. Encoding
                .Latin1.GetString(text)
                .Split('\n', StringSplitOptions.RemoveEmptyEntries)
                .Select(Encoding.Latin1.GetBytes),
        ];

    private static byte[] Chain(List<byte[]> lines)
    {
        var text = new MemoryStream();
        var previous = JournalLine.Genesis;
        foreach (var (index, line) in lines.Index())
        {
            var head = Encoding.Latin1.GetString(line);
            var end = head.LastIndexOf(",\"prev\":", StringComparison.Ordinal);
            if (end < 0)
            {
                text.Write(line);
                text.WriteByte((byte)'\n');
                continue;
            }
            var begin = head.IndexOf("\"seq\":", StringComparison.Ordinal);
            var after = begin < 0 ? -1 : head.IndexOf(',', begin);
            if (after > 0 && after < end)
                head = $"{head[..(begin + 6)]}{index + 1}{head[after..end]}";
            else
                head = head[..end];
            var body = Encoding.Latin1.GetBytes($"{head},\"prev\":\"{previous}\"");
            previous = Convert.ToHexStringLower(SHA256.HashData(body));
            text.Write(body);
            text.Write(Encoding.Latin1.GetBytes($",\"hash\":\"{previous}\"}}\n"));
        }
        return text.ToArray();
    }
}
