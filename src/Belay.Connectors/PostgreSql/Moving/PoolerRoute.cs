using System.Globalization;
using System.Text.RegularExpressions;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>Services connect to a pgbouncer: PAUSE holds them back at the end of their transactions, RELOAD leads them, RESUME lets them go on.</summary>
internal sealed partial class PoolerRoute : Route
{
    private readonly PoolerInputs inputs;
    private readonly IScope scope;
    private readonly LineFile file;
    private PoolerConsole console;

    private PoolerRoute(PoolerInputs inputs, IScope scope, PoolerConsole console)
    {
        (this.inputs, this.scope, this.console) = (inputs, scope, console);
        file = new LineFile(
            scope.PathOf(inputs.File),
            line => IsOurs(line, inputs.Database),
            $"that define the database {inputs.Database}"
        );
    }

    public override Keeper Keeper => new(inputs, scope);

    private string Name => inputs.Database;

    public static async Task<PoolerRoute> OpenAsync(PoolerInputs inputs, IScope scope, CancellationToken ct) =>
        new(inputs, scope, await PoolerConsole.OpenAsync(inputs, scope.Clock, ct));

    public override async Task<Standing> ReadAsync(CancellationToken ct)
    {
        var line = await file.ReadAsync(ct);
        var (loaded, held) = await LoadedAsync(ct);
        return new($"{Word(line, "host")}:{Word(line, "port")}/{OptionalWord(line, "dbname") ?? Name}", loaded, held);
    }

    /// <summary>What leads services to a database.</summary>
    public static string ValueOf(PostgreSqlSettings settings) =>
        string.Create(CultureInfo.InvariantCulture, $"{settings.Host}:{settings.Port}/{settings.Database}");

    public override async Task PrepareAsync(string value, CancellationToken ct)
    {
        var (host, port, database) = Parts(value);
        var line = await file.ReadAsync(ct);
        line = HostWord().Replace(line, $"host={host}");
        line = PortWord().Replace(line, $"port={port}");
        line = OptionalWord(line, "dbname") is null
            ? $"{line} dbname={database}"
            : DatabaseWord().Replace(line, $"dbname={database}");
        await file.DraftAsync(line, scope, ct);
    }

    public override Task HoldAsync(CancellationToken ct) => console.AskAsync($"PAUSE {Quoted(Name)}", ct);

    public override Task PlaceAsync(CancellationToken ct)
    {
        file.Place();
        return Task.CompletedTask;
    }

    public override async Task LeadAsync(string value, CancellationToken ct)
    {
        if ((await ReadAsync(ct)).Endpoint != value)
        {
            await PrepareAsync(value, ct);
            file.Place();
        }
        await console.AskAsync("RELOAD", ct);
        var (loaded, _) = await LoadedAsync(ct);
        if (loaded != value)
            throw OperationException.OutcomeUnknown(
                $"pgbouncer leads {Name} to {loaded} after a RELOAD, expected {value}: it may read another file than {inputs.File}, or not be able to read it"
            );
    }

    public override async Task ReleaseAsync(CancellationToken ct)
    {
        // A PAUSE that still waits for transactions keeps its connection busy.
        var (_, held) = await LoadedAsync(ct);
        if (held)
            await console.AskAsync($"RESUME {Quoted(Name)}", ct);
    }

    /// <summary>Leaves a console that still waits, and opens another one.</summary>
    public override async Task RenewAsync(CancellationToken ct)
    {
        await console.DisposeAsync();
        console = await PoolerConsole.OpenAsync(inputs, scope.Clock, ct);
    }

    public override ValueTask DisposeAsync() => console.DisposeAsync();

    private async Task<(string Loaded, bool IsHeld)> LoadedAsync(CancellationToken ct)
    {
        var known = await console.AskAsync("SHOW DATABASES", ct);
        var row =
            known.Find(r => r["name"] == Name)
            ?? throw OperationException.Refused(
                $"pgbouncer knows no database {Name}: it has {string.Join(", ", known.Select(r => r["name"]))}"
            );
        return ($"{row["host"]}:{row["port"]}/{row["database"]}", row["paused"] == "1");
    }

    private string Word(string line, string key) =>
        OptionalWord(line, key)
        ?? throw OperationException.Refused(
            $"{inputs.File}: the line of the database {Name} names no {key}; write host=... port=... there"
        );

    private static string? OptionalWord(string line, string key)
    {
        var match = key switch
        {
            "host" => HostWord().Match(line),
            "port" => PortWord().Match(line),
            _ => DatabaseWord().Match(line),
        };
        return match.Success ? match.Value[(key.Length + 1)..].Trim('\'') : null;
    }

    private static (string Host, string Port, string Database) Parts(string value)
    {
        var slash = value.LastIndexOf('/');
        var colon = value[..slash].LastIndexOf(':');
        return (value[..colon], value[(colon + 1)..slash], value[(slash + 1)..]);
    }

    private static bool IsOurs(string line, string database) =>
        line.IndexOf('=', StringComparison.Ordinal) is > 0 and var equals
        && line[..equals].Trim().Trim('"') == database
        && HostWord().IsMatch(line);

    private static string Quoted(string name) => $"\"{name.Replace("\"", "\"\"", StringComparison.Ordinal)}\"";

    [GeneratedRegex(
        @"(?<=[=\s])host=('[^']*'|\S+)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex HostWord();

    [GeneratedRegex(
        @"(?<=[=\s])port=('[^']*'|\S+)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex PortWord();

    [GeneratedRegex(
        @"(?<=[=\s])dbname=('[^']*'|\S+)",
        RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture,
        1000
    )]
    private static partial Regex DatabaseWord();
}
