namespace Belay.Parts;

/// <summary>Who runs a server: PostgreSQL refuses root, so that root hands it to <c>nobody</c>.</summary>
internal static class Account
{
    /// <summary>The unprivileged user's name, or null when we are an ordinary user and run everything ourselves.</summary>
    public static string? Unprivileged { get; } = Environment.IsPrivilegedProcess ? "nobody" : null;

    /// <summary>The arguments of <c>setpriv</c> that become that user.</summary>
    public static IReadOnlyList<string> Arguments =>
        Unprivileged is { } user ? [$"--reuid={user}", "--regid=nogroup", "--clear-groups"] : [];

    /// <summary>Makes a folder that the unprivileged user owns.</summary>
    public static async Task CreateFolderAsync(string folder, CancellationToken ct)
    {
        Directory.CreateDirectory(folder);
        if (Unprivileged is not { } user)
        {
            return;
        }

        for (var parent = Path.GetDirectoryName(folder); parent is not null; parent = Path.GetDirectoryName(parent))
        {
            if (!File.GetUnixFileMode(parent).HasFlag(UnixFileMode.OtherExecute))
            {
                throw new InvalidOperationException(
                    $"PostgreSQL refuses to run as root, and {parent} is closed to the user {user} who runs it: "
                        + $"choose another folder, or open it by chmod o+x {parent}"
                );
            }
        }

        await Tool.RunAsync("chown", [$"{user}:", folder], ct);
    }
}
