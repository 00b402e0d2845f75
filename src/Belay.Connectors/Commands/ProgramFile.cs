using Belay.Domain.Contract;

namespace Belay.Connectors.Commands;

/// <summary>Finds the program of a command, so that a missing one is told before anything runs.</summary>
internal static class ProgramFile
{
    private const UnixFileMode Executable =
        UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    /// <summary>The program's full path.</summary>
    /// <param name="command">The command; a program with a slash is relative to its folder, any other is looked up in PATH.</param>
    /// <param name="folder">The folder (absolute) in which it runs.</param>
    /// <exception cref="OperationException">Refused: it does not exist or is not executable.</exception>
    public static string Find(Command command, string folder)
    {
        if (command.Program.Contains('/', StringComparison.Ordinal))
        {
            var path = Path.GetFullPath(command.Program, folder);
            return !File.Exists(path) ? throw OperationException.Refused($"there is no program {path}")
                : IsExecutable(path) ? path
                : throw OperationException.Refused($"{path} is not executable: chmod +x {path}");
        }
        var folders = command.Environment.GetValueOrDefault("PATH") ?? Environment.GetEnvironmentVariable("PATH") ?? "";
        return folders
                .Split(':', StringSplitOptions.RemoveEmptyEntries)
                .Select(f => Path.Combine(folder, f, command.Program))
                .FirstOrDefault(p => File.Exists(p) && IsExecutable(p))
            ?? throw OperationException.Refused(
                $"the program {command.Program} was not found in PATH ({folders}): install the package that holds it"
            );
    }

    private static bool IsExecutable(string path) => (File.GetUnixFileMode(path) & Executable) != UnixFileMode.None;
}
