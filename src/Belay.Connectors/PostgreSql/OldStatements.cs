using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;
using Belay.Formats.Sql;

namespace Belay.Connectors.PostgreSql;

/// <summary>Which statements must still be possible.</summary>
public sealed record OldStatementsInputs
{
    /// <summary>The database, with the role of the release: privileges and search path are judged, too.</summary>
    [Connection("postgresql")]
    public required string Connection { get; init; }

    /// <summary>The release's statements, each ended by a semicolon, with parameters <c>$1</c>, <c>$2</c>; <c>PREPARE name (bigint, text) AS ...</c> gives types that the server cannot tell.</summary>
    [FileInput]
    public required string File { get; init; }

    /// <summary>How long one statement may take to be judged, locks included. Default 10 seconds.</summary>
    public TimeSpan Limit { get; init; } = TimeSpan.FromSeconds(10);
}

/// <summary>What became of the statements.</summary>
public sealed record OldStatementsState
{
    /// <summary>How many there are.</summary>
    public required int Statements { get; init; }

    /// <summary>Those that are not possible any more, in the file's order.</summary>
    public required ImmutableArray<BrokenStatement> Broken { get; init; }
}

/// <summary>A statement that is not possible.</summary>
/// <param name="At">The file and the line.</param>
/// <param name="Says">What the server says against it.</param>
public sealed record BrokenStatement(string At, string Says);

/// <summary>The statements of the release that still runs are possible on the schema as it is now. They are prepared and planned, never executed.</summary>
internal sealed class OldStatements : ICheck<OldStatementsState>
{
    private readonly OldStatementsInputs inputs;
    private readonly Server server;
    private readonly string path;

    private OldStatements(OldStatementsInputs inputs, IScope scope)
    {
        this.inputs = inputs;
        server = new Server(scope.Connection<PostgreSqlSettings>(inputs.Connection), inputs.Connection);
        path = scope.PathOf(inputs.File);
    }

    /// <summary>The definition of <c>postgresql.old-statements</c>.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<OldStatementsInputs, OldStatementsState>(
            "postgresql.old-statements",
            "The old release's statements are still possible on the schema as it is now",
            options => new OldStatementsContext(options),
            inputs => [new Touch($"postgresql:{inputs.Connection}", TouchKind.Read)],
            (inputs, scope) => new OldStatements(inputs, scope),
            Validate
        );

    /// <inheritdoc/>
    public async ValueTask<OldStatementsState> ObserveAsync(CancellationToken ct)
    {
        var statements = await ReadAsync(ct);
        var broken = ImmutableArray.CreateBuilder<BrokenStatement>();
        await using var session = await server.OpenForWorkAsync(ct);
        await using var trial = await StatementTrial.BeginAsync(session, server.Place, inputs.Limit, ct);
        foreach (var statement in statements)
        {
            if (await trial.TryAsync(statement, ct) is { } said)
                broken.Add(new BrokenStatement($"{inputs.File}:{said.Line}", said.Says));
        }
        return new OldStatementsState { Statements = statements.Length, Broken = broken.ToImmutable() };
    }

    /// <inheritdoc/>
    public Verdict Judge(OldStatementsState observed) =>
        observed switch
        {
            { Statements: 0 } => new Verdict.Broken($"{inputs.File} holds no statement, which proves nothing"),
            { Broken.IsEmpty: true } => Verdict.Ok,
            _ => new Verdict.Broken(
                $"{observed.Broken.Length} of {observed.Statements} statements are not possible: {string.Join("; ", observed.Broken.Select(broken => $"{broken.At}: {broken.Says}"))}"
            ),
        };

    private async Task<ImmutableArray<SqlStatement>> ReadAsync(CancellationToken ct)
    {
        try
        {
            return SqlSplitter.Split(await File.ReadAllTextAsync(path, ct));
        }
        catch (FormatException e)
        {
            throw OperationException.Refused($"{inputs.File}, {e.Message}", e);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw OperationException.Refused($"{inputs.File} cannot be read: {e.Message}", e);
        }
    }

    private static IEnumerable<InputProblem> Validate(OldStatementsInputs inputs)
    {
        if (inputs.Limit < TimeSpan.FromMilliseconds(1) || inputs.Limit > TimeSpan.FromHours(1))
            yield return new InputProblem("limit", "must be between 1ms and 1h");
    }
}

[JsonSerializable(typeof(OldStatementsInputs))]
[JsonSerializable(typeof(OldStatementsState))]
internal sealed partial class OldStatementsContext : JsonSerializerContext;
