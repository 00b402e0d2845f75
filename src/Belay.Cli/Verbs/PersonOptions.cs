using System.CommandLine;
using Belay.Cli.Work;
using Belay.Domain.Evidence;
using Belay.Domain.Journal;
using Belay.Domain.Readings;
using Belay.Planning;

namespace Belay.Cli.Verbs;

/// <summary>What every verb takes by which a person says something about a run: the run, who they are, and their key.</summary>
internal sealed class PersonOptions
{
    private readonly SharedOptions shared;
    private readonly Argument<string?> run;
    private readonly Option<string?> environment = SharedOptions.EnvironmentOfRun();
    private readonly Option<string> by = SharedOptions.By();
    private readonly Option<string?> key = KeyFiles.Option();

    /// <param name="shared">What many verbs take.</param>
    /// <param name="command">The verb, which takes this too, after what it has.</param>
    public PersonOptions(SharedOptions shared, Command command)
    {
        this.shared = shared;
        run = shared.Run();
        command.Add(run);
        command.Add(environment);
        command.Add(by);
        command.Add(key);
    }

    /// <summary>Who speaks, about which run.</summary>
    /// <exception cref="Refusal">There is no such run.</exception>
    public async Task<Speaker> SpeakerAsync(ParseResult parsed, CancellationToken ct)
    {
        var place = shared.PlaceOf(parsed);
        var reading = await place.Runs.FindAsync(parsed.GetValue(run), parsed.GetValue(environment), ct);
        return new(place, reading, parsed.GetRequiredValue(by), parsed.GetValue(key));
    }
}

/// <summary>A person at a run.</summary>
/// <param name="Place">Where the run is kept.</param>
/// <param name="Reading">The run as it stood when they spoke.</param>
/// <param name="Name">Who.</param>
/// <param name="Key">The key that they named; null: none.</param>
internal sealed record Speaker(Workplace Place, RunReading Reading, string Name, string? Key)
{
    /// <summary>The run's environment as its file says now.</summary>
    /// <exception cref="Refusal">The file cannot be used.</exception>
    public EnvironmentFile Live => field ??= Place.EnvironmentOf(Reading);

    /// <summary>The signature under a word, where one can be of use; null: it counts unsigned.</summary>
    /// <param name="word">What they say, as it will be journaled.</param>
    /// <param name="signed">The word with its signature.</param>
    /// <exception cref="Refusal">The key cannot be used; or the word would not count.</exception>
    public FactSignature? Sign<T>(T word, Func<T, FactSignature?, T> signed)
        where T : JournalEvent
    {
        var signature = Place.Sign(Reading, word, Name, Key, Live.Signers);
        KeyFiles.RefuseUnsigned(Reading, signed(word, signature), Live.Signers);
        return signature;
    }
}
