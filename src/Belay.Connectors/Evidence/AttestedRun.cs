using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Evidence;
using Belay.Domain.Json;
using Belay.Domain.Operations;
using Belay.Domain.Readings;

namespace Belay.Connectors.Evidence;

/// <summary>Inputs of <c>evidence.attested</c>.</summary>
public sealed record AttestedRunInputs
{
    /// <summary>The attestation that <c>belay report --attest</c> wrote.</summary>
    public required string File { get; init; }

    /// <summary>The public key (PEM) of whoever must have signed it, such as <c>keys/ben.pub</c>.</summary>
    [FileInput]
    public required string Key { get; init; }

    /// <summary>From which moment (UTC) on the key is not trusted any more: a run that ended then or later does not count. When it ended is what its journal claims. Default: it is trusted.</summary>
    public DateTimeOffset? Revoked { get; init; }

    /// <summary>The hash of its plan, as <c>belay lint --output json</c> prints it. Default: any plan.</summary>
    public string? Plan { get; init; }

    /// <summary>What was upgraded. Default: anything.</summary>
    public string? Upgrade { get; init; }

    /// <summary>Where. Default: anywhere.</summary>
    public string? Environment { get; init; }

    /// <summary>The release before. Default: any.</summary>
    public string? From { get; init; }

    /// <summary>The release after. Default: any.</summary>
    public string? To { get; init; }

    /// <summary>How the run ended. Default: done.</summary>
    public RunStatus Ended { get; init; } = RunStatus.Done;

    /// <summary>How long ago it may have ended at most. Default: at any time before now.</summary>
    public TimeSpan? AtMost { get; init; }
}

/// <summary>What <c>evidence.attested</c> sees.</summary>
public sealed record AttestedRunState
{
    /// <summary>Why the attestation proves nothing; null: the key signed it.</summary>
    public string? Unproven { get; init; }

    /// <summary>The run; null: nothing is proven.</summary>
    public string? Run { get; init; }

    /// <summary>What was upgraded; null: nothing is proven.</summary>
    public string? Upgrade { get; init; }

    /// <summary>Where; null: nothing is proven.</summary>
    public string? Environment { get; init; }

    /// <summary>The release before; null: nothing is proven.</summary>
    public string? From { get; init; }

    /// <summary>The release after; null: nothing is proven.</summary>
    public string? To { get; init; }

    /// <summary>How the run stood when it was attested; null: nothing is proven.</summary>
    public RunStatus? Ended { get; init; }

    /// <summary>How long ago it ended, below zero when the clocks differ; null: it has not ended, or nothing is proven.</summary>
    public double? AgeSeconds { get; init; }

    /// <summary>When it ended, UTC; null: it has not ended, or nothing is proven.</summary>
    public DateTimeOffset? EndedOn { get; init; }

    /// <summary>The hash of its plan; null: nothing is proven.</summary>
    public string? Plan { get; init; }

    /// <summary>The hash of the last event of its journal; null: nothing is proven.</summary>
    public string? JournalHash { get; init; }
}

/// <summary><c>evidence.attested</c>: another run ended as this plan needs it, and its attestation proves it.</summary>
internal sealed class AttestedRun(AttestedRunInputs inputs, IScope scope) : ICheck<AttestedRunState>
{
    /// <summary>Clocks of two machines differ: an end that lies a little ahead is not told.</summary>
    private const double ClockDifferenceSeconds = 300;

    /// <summary>The operation.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<AttestedRunInputs, AttestedRunState>(
            "evidence.attested",
            "Another run ended as this plan needs it, proven by its signed attestation",
            options => new AttestedRunJson(options),
            inputs => [new Touch($"attestation:{inputs.File}", TouchKind.Read)],
            (inputs, scope) => new AttestedRun(inputs, scope),
            Problems
        );

    public async ValueTask<AttestedRunState> ObserveAsync(CancellationToken ct)
    {
        var key = await KeyAsync(ct);
        var bytes = await ReadAsync(inputs.File, DsseEnvelope.GreatestBytes, ct);
        try
        {
            var (statement, _) = EvidenceCheck.Prove(DsseEnvelope.Read(bytes), [key]);
            var run = statement.Predicate;
            return new AttestedRunState
            {
                Run = run.Run,
                Upgrade = run.Upgrade,
                Environment = run.Environment.Name,
                From = run.From,
                To = run.To,
                Ended = run.Outcome,
                AgeSeconds = run.EndedOn is { } ended ? Math.Round((scope.Now() - ended).TotalSeconds, 3) : null,
                EndedOn = run.EndedOn,
                Plan = run.PlanSha256,
                JournalHash = run.Journal.LastHash,
            };
        }
        catch (BadEvidenceException e)
        {
            return new AttestedRunState { Unproven = e.Message };
        }
    }

    // Another attestation may be put there at any time: waiting may always help.
    public Verdict Judge(AttestedRunState observed) =>
        observed.Unproven is { } why ? new Verdict.NotYet($"{inputs.File} proves nothing: {why}")
        : Unwanted(observed) is { } no ? new Verdict.NotYet($"{inputs.File} attests the run {observed.Run}, which {no}")
        : Verdict.Ok;

    private string? Unwanted(AttestedRunState observed) =>
        Other("is of the upgrade", inputs.Upgrade, observed.Upgrade)
        ?? Other("is on the environment", inputs.Environment, observed.Environment)
        ?? Other("is from the release", inputs.From, observed.From)
        ?? Other("is to the release", inputs.To, observed.To)
        ?? Other("is of the plan", inputs.Plan, observed.Plan)
        ?? Other("ended as", inputs.Ended.ToString(), observed.Ended.ToString())
        ?? Late(observed.EndedOn)
        ?? Aged(observed.AgeSeconds);

    private static string? Other(string what, string? wanted, string? seen) =>
        wanted is null || wanted == seen ? null : $"{what} '{seen}' and not '{wanted}'";

    private string? Late(DateTimeOffset? ended) =>
        ended >= inputs.Revoked ? $"ended on {ended:u}, when its key was revoked since {inputs.Revoked:u}" : null;

    private string? Aged(double? seconds) =>
        seconds switch
        {
            null => "has not ended",
            < -ClockDifferenceSeconds =>
                $"ended {Duration.Format(TimeSpan.FromSeconds(-seconds.Value))} from now: one of the two machines has a wrong clock",
            _ when inputs.AtMost is { } most && seconds > most.TotalSeconds =>
                $"ended {Duration.Format(TimeSpan.FromSeconds(Math.Round(seconds.Value)))} ago, and {Duration.Format(most)} are the most",
            _ => null,
        };

    private async Task<PublicKey> KeyAsync(CancellationToken ct)
    {
        try
        {
            return PublicKey.Parse(
                System.Text.Encoding.UTF8.GetString(await ReadAsync(inputs.Key, PublicKey.GreatestLength, ct))
            );
        }
        catch (BadKeyException e)
        {
            throw OperationException.Refused($"{inputs.Key}: {e.Message}", e);
        }
    }

    private async Task<byte[]> ReadAsync(string path, int greatest, CancellationToken ct)
    {
        try
        {
            await using var file = System.IO.File.OpenRead(scope.PathOf(path));
            if (file.Length > greatest)
                throw OperationException.Refused($"{path} is larger than {greatest / 1024} KB");
            var bytes = new byte[file.Length];
            await file.ReadExactlyAsync(bytes, ct);
            return bytes;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OperationException.Refused($"{path} cannot be read: {e.Message}", e);
        }
    }

    private static IEnumerable<InputProblem> Problems(AttestedRunInputs inputs)
    {
        if (inputs.File.Length == 0)
            yield return new InputProblem("file", "is no path: name the attestation, absolute or relative to the plan");
        if (inputs.Key.Length == 0)
            yield return new InputProblem("key", "is no path: name the file of a public key");
        if (!inputs.Ended.IsClosed())
            yield return new InputProblem("ended", "is no end: say done, rolled-back, failed or abandoned");
        if (inputs.AtMost <= TimeSpan.Zero)
            yield return new InputProblem("at-most", "must be longer than nothing");
    }
}

[JsonSerializable(typeof(AttestedRunInputs))]
[JsonSerializable(typeof(AttestedRunState))]
internal sealed partial class AttestedRunJson : JsonSerializerContext;
