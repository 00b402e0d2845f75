using System.Collections.Immutable;
using System.Text.Json.Serialization;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql;

/// <summary>What is switched over, and how services are led there. Exactly one of <see cref="Pooler"/>, <see cref="Switch"/> and <see cref="Command"/> is given.</summary>
public sealed record SwitchOverInputs
{
    /// <summary>The database that takes the writes until now.</summary>
    [Connection("postgresql")]
    public required string From { get; init; }

    /// <summary>Its copy, made by <c>postgresql.replicate</c>, which takes them from then on.</summary>
    [Connection("postgresql")]
    public required string To { get; init; }

    /// <summary>The pgbouncer that services connect to: it holds their transactions back for the time of the freeze, so that none fails.</summary>
    public PoolerInputs? Pooler { get; init; }

    /// <summary>The file in which services read where the database is; their sessions are ended, and they must connect again.</summary>
    public DatabaseSwitch? Switch { get; init; }

    /// <summary>Commands that lead services, by whatever stands in front of the database: a load balancer, a name, a service of a cluster. Their sessions are ended, and they must connect again.</summary>
    public CommandSwitch? Command { get; init; }

    /// <summary>The longest freeze of writes: the server that is frozen ends it by itself then, whether or not Belay lives. Default 5 seconds, at least 1 second.</summary>
    public TimeSpan AtMost { get; init; } = TimeSpan.FromSeconds(5);
}

/// <summary>A pgbouncer on the machine that Belay runs on.</summary>
public sealed record PoolerInputs
{
    /// <summary>Its address, or the folder (absolute) of its unix socket. Default <c>127.0.0.1</c>.</summary>
    public string Host { get; init; } = "127.0.0.1";

    /// <summary>Its port. Default 6432.</summary>
    public int Port { get; init; } = 6432;

    /// <summary>One of its <c>admin_users</c>.</summary>
    public required string User { get; init; }

    /// <summary>That user's password; left out when none is asked for.</summary>
    public Secret? Password { get; init; }

    /// <summary>What services call the database: its name in the section <c>[databases]</c>.</summary>
    public required string Database { get; init; }

    /// <summary>The pooler's configuration file; a relative path begins at the plan's folder. Its line for the database must name <c>host</c> and <c>port</c>.</summary>
    public required string File { get; init; }
}

/// <summary>One line of a file that services read.</summary>
public sealed record DatabaseSwitch
{
    /// <summary>The file of <c>KEY=VALUE</c> lines; a relative path begins at the plan's folder.</summary>
    public required string File { get; init; }

    /// <summary>The key whose value names the database.</summary>
    public required string Key { get; init; }

    /// <summary>The value that names the new database. Default: <c>HOST:PORT</c> of its connection.</summary>
    public string? Value { get; init; }

    /// <summary>The command that has services read the file again: program and arguments, no shell. Default none: they see the change by themselves.</summary>
    public ImmutableArray<string> Reload { get; init; } = [];
}

/// <summary>Two commands, each a program and its arguments, no shell.</summary>
public sealed record CommandSwitch
{
    /// <summary>Prints where services are led now, one line: the value that <see cref="Lead"/> was given.</summary>
    public required ImmutableArray<string> Read { get; init; }

    /// <summary>Leads services to the value that is given to it as its last argument, and ends once they are; it may be called again with the same value.</summary>
    public required ImmutableArray<string> Lead { get; init; }

    /// <summary>The value that names the new database. Default: <c>HOST:PORT</c> of its connection.</summary>
    public string? Value { get; init; }
}

/// <summary>What <c>postgresql.switch-over</c> sees.</summary>
public sealed record SwitchOverState
{
    /// <summary>Where services are led: the file's value, what the command reads, or the pooler's <c>host:port/database</c>.</summary>
    public required string Endpoint { get; init; }

    /// <summary>Where the pooler leads them that runs now; null without a pooler. It differs from <see cref="Endpoint"/> while its file is not loaded.</summary>
    public string? Loaded { get; init; }

    /// <summary>Whether the pooler holds transactions back now.</summary>
    public required bool Held { get; init; }

    /// <summary>The old database.</summary>
    public required SwitchSide From { get; init; }

    /// <summary>The new database.</summary>
    public required SwitchSide To { get; init; }

    /// <summary>How long writes were frozen by this step, in milliseconds, from the first transaction that was held back to the release; null when it was not measured.</summary>
    public long? FreezeMs { get; init; }
}

/// <summary>One side of a switch-over.</summary>
public sealed record SwitchSide
{
    /// <summary>How many sessions it admits (<c>datconnlimit</c>): -1 any number, 0 none but those of superusers.</summary>
    public required int Admits { get; init; }

    /// <summary>Whether it follows the other side.</summary>
    public required bool Follows { get; init; }
}

[JsonSerializable(typeof(SwitchOverInputs))]
[JsonSerializable(typeof(SwitchOverState))]
[JsonSerializable(typeof(SwitchOverCheckpoint))]
internal sealed partial class SwitchOverContext : JsonSerializerContext;

/// <summary>What a switch-over remembers of itself.</summary>
internal sealed record SwitchOverCheckpoint
{
    /// <summary>How long writes were frozen, in milliseconds.</summary>
    public required long FreezeMs { get; init; }
}
