namespace Belay.Parts;

/// <summary>The cache folder that <c>tools/install-parts</c> fills with real servers and their tools.</summary>
public static class PartsFolder
{
    /// <summary>
    /// The folder: <c>BELAY_PARTS</c>; else <c>belay/parts</c> under <c>XDG_CACHE_HOME</c>, or under <c>~/.cache</c>
    /// (<c>/var/cache</c> for root). The same rule as in <c>tools/install-parts</c>.
    /// </summary>
    public static string Location
    {
        get
        {
            if (Variable("BELAY_PARTS") is { } folder)
            {
                return folder;
            }

            var cache =
                Variable("XDG_CACHE_HOME")
                ?? (
                    Environment.IsPrivilegedProcess
                        ? "/var/cache"
                        : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache")
                );
            return Path.Combine(cache, "belay", "parts");
        }
    }

    /// <summary>The full path of a program, for example <c>redis-server</c>.</summary>
    /// <exception cref="FileNotFoundException">It is not there; the message says how to get it.</exception>
    public static string Find(string program)
    {
        var path = Path.Combine(Location, "bin", program);
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException(
                $"{program} is not in {Path.Combine(Location, "bin")}: run tools/install-parts first",
                path
            );
    }

    private static string? Variable(string name) =>
        Environment.GetEnvironmentVariable(name) is { Length: > 0 } value ? value : null;
}
