using ConnectorKit;

namespace Belay.Connectors.Tests.MongoDbOrStandIn;

/// <summary>A folder with <c>mongodump</c> and <c>mongorestore</c>, which are the stand-in.</summary>
internal sealed class StandInTools : IDisposable
{
    private const UnixFileMode Executable = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;

    private readonly TestFolder folder = new();

    public StandInTools()
    {
        foreach (var tool in new[] { "mongodump", "mongorestore" })
            File.SetUnixFileMode(folder.Write(tool, $"#!/bin/sh\nexec '{Program}' {tool} \"$@\"\n"), Executable);
    }

    /// <summary>The stand-in's program.</summary>
    public static string Program { get; } = Path.Combine(AppContext.BaseDirectory, "Belay.MongoStandIn");

    public string Folder => folder.Path;

    public void Dispose() => folder.Dispose();
}
