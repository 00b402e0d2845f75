using System.Globalization;
using System.Text.Json.Serialization;
using System.Text.RegularExpressions;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.PostgreSql;

/// <summary>Which version of the server is accepted.</summary>
public sealed record VersionInputs
{
    /// <summary>The server.</summary>
    [Connection("postgresql")]
    public required string Connection { get; init; }

    /// <summary>The least version, as <c>15</c> or <c>15.4</c>. Default: any.</summary>
    public string? AtLeast { get; init; }

    /// <summary>The greatest version; <c>15</c> includes every 15.x. Default: any.</summary>
    public string? AtMost { get; init; }
}

/// <summary>What a server says of itself.</summary>
public sealed record VersionState
{
    /// <summary>Its version in its own words.</summary>
    public required string Version { get; init; }

    /// <summary>Its version as a number: 10000 x major + minor (<c>server_version_num</c>).</summary>
    public required int Number { get; init; }

    /// <summary>Whether it is a standby, which takes no writes.</summary>
    public required bool Standby { get; init; }
}

/// <summary>The server's version lies in a range.</summary>
internal sealed partial class Version : ICheck<VersionState>
{
    private const int Major = 10_000;
    private readonly VersionInputs inputs;
    private readonly Server server;

    private Version(VersionInputs inputs, IScope scope)
    {
        this.inputs = inputs;
        server = new Server(scope.Connection<PostgreSqlSettings>(inputs.Connection), inputs.Connection);
    }

    /// <summary>The definition of <c>postgresql.version</c>.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<VersionInputs, VersionState>(
            "postgresql.version",
            "The server's version lies in a range",
            options => new VersionContext(options),
            inputs => [new Touch($"postgresql:{inputs.Connection}", TouchKind.Read)],
            (inputs, scope) => new Version(inputs, scope),
            Validate
        );

    /// <inheritdoc/>
    public async ValueTask<VersionState> ObserveAsync(CancellationToken ct)
    {
        await using var session = await server.OpenAsync(ct);
        var rows = await session.ReadAsync(
            server.Place,
            "SELECT current_setting('server_version'), current_setting('server_version_num')::int, pg_is_in_recovery()",
            row => new VersionState
            {
                Version = row.GetString(0),
                Number = row.GetInt32(1),
                Standby = row.GetBoolean(2),
            },
            ct
        );
        return rows[0];
    }

    /// <inheritdoc/>
    public Verdict Judge(VersionState observed)
    {
        if (inputs.AtLeast is { } least && observed.Number < Parse(least)!.Value.Least)
            return new Verdict.Broken($"the server is {observed.Version}, expected at least {least}");
        if (inputs.AtMost is { } most && observed.Number > Parse(most)!.Value.Greatest)
            return new Verdict.Broken($"the server is {observed.Version}, expected at most {most}");
        return Verdict.Ok;
    }

    private static IEnumerable<InputProblem> Validate(VersionInputs inputs)
    {
        if (inputs.AtLeast is null && inputs.AtMost is null)
            yield return new InputProblem("at-least", "say at-least, at-most or both");
        if (inputs.AtLeast is { } least && Parse(least) is null)
            yield return new InputProblem("at-least", "a version is written as 15 or 15.4");
        if (inputs.AtMost is { } most && Parse(most) is null)
            yield return new InputProblem("at-most", "a version is written as 15 or 15.4");
    }

    // A major version alone means all of its minor ones.
    private static (int Least, int Greatest)? Parse(string text)
    {
        if (Shape().Match(text) is not { Success: true } match)
            return null;
        var major = int.Parse(match.Groups["major"].ValueSpan, CultureInfo.InvariantCulture) * Major;
        if (!match.Groups["minor"].Success)
            return (major, major + Major - 1);
        var exact = major + int.Parse(match.Groups["minor"].ValueSpan, CultureInfo.InvariantCulture);
        return (exact, exact);
    }

    [GeneratedRegex(
        "^(?<major>[1-9][0-9]{1,2})([.](?<minor>[0-9]{1,3}))?$",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex Shape();
}

[JsonSerializable(typeof(VersionInputs))]
[JsonSerializable(typeof(VersionState))]
internal sealed partial class VersionContext : JsonSerializerContext;
