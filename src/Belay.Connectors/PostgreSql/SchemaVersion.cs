using System.Text.Json.Serialization;
using Belay.Domain.Contract;
using Belay.Domain.Operations;

namespace Belay.Connectors.PostgreSql;

/// <summary>Which schema version a database must have.</summary>
public sealed record SchemaVersionInputs
{
    /// <summary>The database.</summary>
    [Connection("postgresql")]
    public required string Connection { get; init; }

    /// <summary>The greatest version in its table <c>belay_migrations</c>.</summary>
    public required int Expect { get; init; }
}

/// <summary>The schema version of a database.</summary>
public sealed record SchemaVersionState
{
    /// <summary>The greatest applied version; null when the database has no table <c>belay_migrations</c>.</summary>
    public int? Version { get; init; }
}

/// <summary>The database has a schema version.</summary>
internal sealed class SchemaVersion : ICheck<SchemaVersionState>
{
    private readonly SchemaVersionInputs inputs;
    private readonly Server server;

    private SchemaVersion(SchemaVersionInputs inputs, IScope scope)
    {
        this.inputs = inputs;
        server = new Server(scope.Connection<PostgreSqlSettings>(inputs.Connection), inputs.Connection);
    }

    /// <summary>The definition of <c>postgresql.schema-version</c>.</summary>
    public static CheckDefinition Definition { get; } =
        Define.Check<SchemaVersionInputs, SchemaVersionState>(
            "postgresql.schema-version",
            "The database has the expected schema version",
            options => new SchemaVersionContext(options),
            inputs =>
                [
                    new Touch($"postgresql:{inputs.Connection}", TouchKind.Read)
                    {
                        Schema = new SchemaWindow(inputs.Expect, inputs.Expect),
                        Proves = Domain.Contract.Proof.Schema,
                    },
                ],
            (inputs, scope) => new SchemaVersion(inputs, scope)
        );

    /// <inheritdoc/>
    public async ValueTask<SchemaVersionState> ObserveAsync(CancellationToken ct)
    {
        await using var session = await server.OpenAsync(ct);
        if (await MigrationLedger.LocateAsync(session, server.Place, ct) is not { } ledger)
            return new SchemaVersionState();
        return new SchemaVersionState
        {
            Version = await session.ValueAsync<int>(
                server.Place,
                $"SELECT coalesce(max(version), 0) FROM {ledger}",
                ct
            ),
        };
    }

    /// <inheritdoc/>
    public Verdict Judge(SchemaVersionState observed) =>
        observed.Version switch
        {
            null => new Verdict.Broken($"the database has no table {MigrationLedger.Table}"),
            { } version when version == inputs.Expect => Verdict.Ok,
            { } version when version < inputs.Expect => new Verdict.NotYet(
                $"the schema version is {version}, expected {inputs.Expect}"
            ),
            { } version => new Verdict.Broken($"the schema version is {version}, expected {inputs.Expect}"),
        };
}

[JsonSerializable(typeof(SchemaVersionInputs))]
[JsonSerializable(typeof(SchemaVersionState))]
internal sealed partial class SchemaVersionContext : JsonSerializerContext;
