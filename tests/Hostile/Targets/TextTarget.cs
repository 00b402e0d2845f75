using System.Collections.Immutable;
using System.Text;
using Belay.Domain.Json;
using Belay.Domain.Plans;
using Belay.Planning;
using Hostile.Corpus;
using Hostile.Mutators;

namespace Hostile.Targets;

/// <summary>Small languages that stand inside of texts: references, durations, names that are nearly known.</summary>
internal sealed class TextTarget : ITarget
{
    public string Name => "text";

    public ImmutableArray<Sample> Samples { get; } =
    [
        .. Scraps.Values.Concat(Scraps.Words).Select(text => new Sample(text, Encoding.UTF8.GetBytes(text))),
        Of("${env.shop_url}/status?a=${steps.backup.path}&b=$${not}"),
        Of("1d2h3m4s5ms"),
        Of("postgresql.migrate"),
    ];

    public byte[] Mutate(Mutation mutation, Sample sample, Sample other) =>
        sample.Bytes.Length == 0 ? mutation.Bytes([(byte)'$'], other.Bytes) : mutation.Text(sample.Bytes, other.Bytes);

    public void Prepare(Sample sample, byte[] input) { }

    public bool Try(Sample sample, byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        DurationIsKept(text);
        _ = new NearestName().Hint(text, [.. PlanCorpus.Real.Operations.Select(operation => operation.Name)], "names");
        try
        {
            foreach (var piece in References.Parse(text))
                _ = piece.Reference?.ToString();
            return true;
        }
        catch (ReferenceException)
        {
            return false;
        }
    }

    public void TryAtLength() { }

    private static void DurationIsKept(string text)
    {
        if (
            Duration.TryParse(text, out var time)
            && (!Duration.TryParse(Duration.Format(time), out var again) || again != time)
        )
            throw new BrokenPromiseException($"the duration '{text}' is another one when it was written and read");
    }

    private static Sample Of(string text) => new(text, Encoding.UTF8.GetBytes(text));
}
