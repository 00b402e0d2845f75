using System.Collections.Immutable;
using System.Globalization;
using Belay.Domain.Contract;

namespace Belay.Connectors.MongoDb;

/// <summary>The command lines of <c>mongodump</c> and <c>mongorestore</c> (https://www.mongodb.com/docs/database-tools/). Pure.</summary>
/// <remarks>The password goes to their standard input: asked for a user without a password, and not on a terminal, they read it there (mongo-tools, common/password).</remarks>
internal static class Tools
{
    // The step's own limit ends the work; the runner's is only there so that nothing can hang for ever.
    private static readonly TimeSpan Limit = TimeSpan.FromDays(7);

    /// <summary>Saves a database into a compressed archive.</summary>
    public static Command Dump(MongoDbSettings settings, string archive) =>
        Tool(settings, "mongodump", $"--db={settings.Database}", $"--archive={archive}", "--gzip");

    /// <summary>Fills a database from an archive; collections that the archive has are dropped first, others stay.</summary>
    /// <param name="from">The database that was saved.</param>
    /// <param name="into">The database to fill; none of its characters has a meaning in a pattern (<see cref="Server.ProblemOf"/>).</param>
    public static Command Restore(MongoDbSettings settings, string archive, string from, string into) =>
        Tool(
            settings,
            "mongorestore",
            $"--archive={archive}",
            "--gzip",
            $"--nsInclude={from}.*",
            $"--nsFrom={from}.*",
            $"--nsTo={into}.*",
            "--drop",
            "--stopOnError"
        );

    private static Command Tool(MongoDbSettings settings, string program, params ImmutableArray<string> arguments) =>
        new()
        {
            Program = settings.Tools is { } folder ? Path.Combine(folder, program) : program,
            Arguments =
            [
                $"--host={settings.Host}",
                string.Create(CultureInfo.InvariantCulture, $"--port={settings.Port}"),
                .. settings.User is { } user
                    ? [$"--username={user}", $"--authenticationDatabase={settings.AuthSource}"]
                    : ImmutableArray<string>.Empty,
                .. settings.Tls ? ["--ssl"] : ImmutableArray<string>.Empty,
                .. settings.TlsCa is { } authority ? [$"--sslCAFile={authority}"] : ImmutableArray<string>.Empty,
                .. arguments,
            ],
            Input = settings.User is null ? null : settings.Password?.Reveal() + "\n",
            Redact = settings.Password is { } password ? [password.Reveal()] : [],
            Limit = Limit,
        };
}
