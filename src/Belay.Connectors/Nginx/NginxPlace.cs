using System.Text.Json.Serialization;
using Belay.Domain.Contract;

namespace Belay.Connectors.Nginx;

/// <summary>Which nginx of this machine: the inputs that its changes share.</summary>
public abstract record NginxPlace
{
    /// <summary>The main configuration file. Default <c>/etc/nginx/nginx.conf</c>.</summary>
    public string Main { get; init; } = "/etc/nginx/nginx.conf";

    /// <summary>The folder against which nginx resolves relative paths of its configuration (its option <c>-p</c>). Default: the one that it was built with.</summary>
    public string? Prefix { get; init; }

    /// <summary>The file with the master's process id. Default <c>/run/nginx.pid</c>.</summary>
    public string PidFile { get; init; } = "/run/nginx.pid";

    /// <summary>The program, by name or path. Default <c>nginx</c>.</summary>
    public string Program { get; init; } = "nginx";

    /// <summary>How long new workers may take to come. Default 30 seconds.</summary>
    public TimeSpan Within { get; init; } = TimeSpan.FromSeconds(30);
}

/// <summary>The command lines of nginx (https://nginx.org/en/docs/switches.html). Pure.</summary>
internal static class NginxCommands
{
    /// <summary>Tests the configuration; says only what is wrong.</summary>
    public static Command Test(NginxPlace place, string root) =>
        new()
        {
            Program = place.Program,
            Arguments =
            [
                "-t",
                "-q",
                "-c",
                Path.GetFullPath(place.Main, root),
                .. place.Prefix is { } prefix ? ["-p", Path.GetFullPath(prefix, root)] : Array.Empty<string>(),
            ],
        };

    /// <summary>Says its version.</summary>
    public static Command Version(string program) => new() { Program = program, Arguments = ["-v"] };
}

[JsonSerializable(typeof(ConfigureInputs))]
[JsonSerializable(typeof(ConfigureState))]
[JsonSerializable(typeof(NginxVersionInputs))]
[JsonSerializable(typeof(NginxVersionState))]
[JsonSerializable(typeof(LoadedNote))]
internal sealed partial class NginxJson : JsonSerializerContext;
