using Belay.Planning;

namespace Belay.Cli.Work;

/// <summary>The docstrings of the domain and of the connectors, which travel inside the program.</summary>
internal static class Documentation
{
    private const string Folder = "docs/";

    public static Docstrings Read()
    {
        var assembly = typeof(Documentation).Assembly;
        var streams = assembly
            .GetManifestResourceNames()
            .Where(name => name.StartsWith(Folder, StringComparison.Ordinal))
            .Select(name => assembly.GetManifestResourceStream(name)!)
            .ToArray();
        try
        {
            return Docstrings.Read(streams);
        }
        finally
        {
            foreach (var stream in streams)
                stream.Dispose();
        }
    }
}
