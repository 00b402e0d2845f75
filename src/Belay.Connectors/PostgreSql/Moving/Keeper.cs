using System.Globalization;
using System.Text;
using Belay.Domain.Contract;

namespace Belay.Connectors.PostgreSql.Moving;

/// <summary>
/// Releases a pooler when the deadline of a freeze is over and Belay has not: a <c>psql</c> that outlives Belay, waits, and
/// then does what the row of the switch says. It ends when its session is ended, and then does nothing.
/// </summary>
internal sealed class Keeper(PoolerInputs pooler, IScope scope)
{
    /// <summary>What its session is called.</summary>
    public const string Name = "belay keeper";

    // The server's own deadline comes first and decides.
    private static readonly TimeSpan Later = TimeSpan.FromMilliseconds(200);

    /// <summary>Starts it.</summary>
    public async Task StartAsync(
        Side frozen,
        Side other,
        long number,
        int admits,
        TimeSpan deadline,
        CancellationToken ct
    )
    {
        var script = FileOf("keeper.sql");
        await WriteAsync(script, Script(frozen, other, number, admits, deadline + Later), ct);
        var passwords = FileOf("keeper.pgpass");
        await WriteAsync(passwords, Passwords(frozen, other), ct);
        await scope.Commands.StartServiceAsync(
            Tools.Script(frozen.Settings, script, passwords),
            FileOf("keeper.log"),
            ct
        );
    }

    /// <summary>Removes what it was told.</summary>
    public void Forget()
    {
        File.Delete(FileOf("keeper.sql"));
        File.Delete(FileOf("keeper.pgpass"));
    }

    /// <summary>What it does: the claim once more, then what its outcome asks for.</summary>
    internal string Script(Side frozen, Side other, long number, int admits, TimeSpan after) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"""
            \set ON_ERROR_STOP on
            SET application_name = '{Name}';
            SET search_path = pg_catalog;
            SET statement_timeout = 0;
            SELECT pg_sleep({after.TotalSeconds});
            {SwitchLog.Thawing(frozen, number, admits, after: null)};
            SELECT state = '{SwitchLog.Switched}' AS switched FROM ({SwitchLog.Asking(number)}) AS row \gset
            \set ON_ERROR_STOP off
            \if :switched
            \connect "{Address(other.Settings)}"
            {other.Admitting(admits)};
            \endif
            \connect "host={Word(pooler.Host)} port={pooler.Port} user={Word(
                pooler.User
            )} dbname=pgbouncer sslmode=disable"
            \if :switched
            RELOAD;
            \endif
            RESUME "{pooler.Database}";

            """
        );

    private string FileOf(string name) => Path.Combine(scope.WorkingFolder, $"{scope.StepId}-{name}");

    // libpq's password file: host:port:database:user:password; a colon or a backslash in it is escaped.
    private string Passwords(Side frozen, Side other) =>
        string.Concat(
            new[] { Line(frozen.Settings), Line(other.Settings) }.Append(
                pooler.Password is { } password
                    ? $"{Field(pooler.Host)}:{pooler.Port}:pgbouncer:{Field(pooler.User)}:{Field(password.Reveal())}\n"
                    : ""
            )
        );

    private static string Line(PostgreSqlSettings settings) =>
        settings.Password is { } password
            ? string.Create(
                CultureInfo.InvariantCulture,
                $"{Field(settings.Host)}:{settings.Port}:{Field(settings.Database)}:{Field(settings.User)}:{Field(password.Reveal())}\n"
            )
            : "";

    private static string Field(string text) =>
        text.Replace("\\", @"\\", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);

    private static string Address(PostgreSqlSettings settings) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"host={Word(settings.Host)} port={settings.Port} user={Word(settings.User)} dbname={Word(settings.Database)}"
        );

    private static string Word(string text) =>
        $"'{text.Replace("\\", @"\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";

    private static async Task WriteAsync(string path, string text, CancellationToken ct)
    {
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        await using var file = new FileStream(path, options);
        await file.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
    }
}
