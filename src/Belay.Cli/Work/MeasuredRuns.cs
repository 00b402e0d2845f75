using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Belay.Domain.Json;
using Belay.Domain.Memory;

namespace Belay.Cli.Work;

/// <summary>
/// The times that the journals of earlier runs told when they were read last: so a journal is read again only when it has
/// changed. Nothing rests on this file: what is not there, or cannot be read, is read from the journals.
/// </summary>
/// <param name="Runs">The runs, the newest first.</param>
internal sealed record MeasuredRuns(ImmutableArray<MeasuredRun> Runs)
{
    /// <summary>A file that is longer was not written by Belay.</summary>
    private const long LongestFile = 64 * 1024 * 1024;

    private static readonly TimeSpan LongestStep = TimeSpan.FromDays(366);

    // Belay's JSON leaves out what is null, and demands all when it reads.
    private static readonly CliJson Json = new(
        new JsonSerializerOptions(BelayJson.NewOptions()) { DefaultIgnoreCondition = JsonIgnoreCondition.Never }
    );

    /// <summary>Nothing is noted.</summary>
    public static MeasuredRuns None { get; } = new([]);

    public static MeasuredRuns Read(string path)
    {
        try
        {
            if (new FileInfo(path) is not { Exists: true, Length: <= LongestFile })
                return None;
            var read = JsonSerializer.Deserialize(File.ReadAllBytes(path), Json.MeasuredRuns);
            return read is { Runs.IsDefault: false } && read.Runs.All(IsSound) ? read : None;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or JsonException)
        {
            return None;
        }
    }

    /// <summary>What the journal of a run told, if it is as it was then.</summary>
    public MeasuredRun? Find(string run, string state) =>
        Runs.FirstOrDefault(known => known.Run == run && known.Journal == state);

    /// <summary>Keeps it, when it is not what the file holds already. Where it cannot be written the journals are read the next time.</summary>
    public void WriteOver(MeasuredRuns before, string path)
    {
        // Of an order that only leaves one run out nothing is forgotten.
        if (Runs.All(run => before.Find(run.Run, run.Journal) is not null))
            return;
        var aside = string.Create(CultureInfo.InvariantCulture, $"{path}.{Environment.ProcessId}.new");
        try
        {
            using (
                var file = new FileStream(
                    aside,
                    new FileStreamOptions
                    {
                        Mode = FileMode.Create,
                        Access = FileAccess.Write,
                        UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
                    }
                )
            )
                JsonSerializer.Serialize(file, this, Json.MeasuredRuns);
            File.Move(aside, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The times are known without it; another Belay may have its folder, or the disk be full.
        }
    }

    private static bool IsSound(MeasuredRun? run) =>
        run is { Run: not null, Journal: not null, Times.IsDefault: false }
        && run.Times.All(time =>
            time is { Step: not null, Operation: not null } && time.Took >= TimeSpan.Zero && time.Took <= LongestStep
        );
}

/// <summary>What one run tells.</summary>
/// <param name="Run">The run.</param>
/// <param name="Journal">The length and the age of its journal when it was read.</param>
/// <param name="Times">How long its steps took.</param>
internal sealed record MeasuredRun(string Run, string Journal, ImmutableArray<StepTime> Times)
{
    /// <summary>What changes with each event of a journal.</summary>
    public static string StateOf(string journal) =>
        new FileInfo(journal) is { Exists: true } file
            ? string.Create(CultureInfo.InvariantCulture, $"{file.Length}-{file.LastWriteTimeUtc.Ticks}")
            : "none";
}
