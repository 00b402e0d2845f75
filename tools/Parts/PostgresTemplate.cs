namespace Belay.Parts;

/// <summary>
/// A data folder fresh from <c>initdb</c>, made once and kept among the parts: copying it takes a fifth of a second,
/// making it more than one.
/// </summary>
internal static class PostgresTemplate
{
    // Counts up when the arguments of initdb below change.
    private const int Version = 1;

    /// <summary>Makes <paramref name="data"/> a fresh data folder of the user who runs the server.</summary>
    public static async Task CopyToAsync(PostgresOptions options, string data, CancellationToken ct)
    {
        var template = Path.Combine(
            PartsFolder.Location,
            "templates",
            $"postgresql-{options.Version}-{Account.Unprivileged ?? Environment.UserName}-{Version}"
        );
        if (!Directory.Exists(template))
        {
            await MakeAsync(options, template, ct);
        }

        await RunAsync("cp", ["-a", "--reflink=auto", Path.Combine(template, "data"), data], ct);
    }

    // Made aside and renamed, so that a half-made one is never used; of two makers the first one wins.
    private static async Task MakeAsync(PostgresOptions options, string template, CancellationToken ct)
    {
        var aside = $"{template}.{Guid.NewGuid():N}";
        await Account.CreateFolderAsync(aside, ct);
        await InitializeAsync(options, Path.Combine(aside, "data"), ct);
        try
        {
            Directory.Move(aside, template);
        }
        catch (IOException) when (Directory.Exists(template))
        {
            Directory.Delete(aside, recursive: true);
        }
    }

    /// <summary>Makes <paramref name="data"/> by <c>initdb</c>: unlike a copy it has a system identifier of its own.</summary>
    public static Task InitializeAsync(PostgresOptions options, string data, CancellationToken ct) =>
        RunAsync(
            PartsFolder.Find(options.Program("initdb")),
            [
                "--no-sync",
                "--auth=trust",
                "--username=postgres",
                "--encoding=UTF8",
                "--locale=C.UTF-8",
                $"--pgdata={data}",
            ],
            ct
        );

    private static Task<string> RunAsync(string program, IEnumerable<string> arguments, CancellationToken ct) =>
        Tool.RunAsync("setpriv", [.. Account.Arguments, "--", program, .. arguments], ct);
}
