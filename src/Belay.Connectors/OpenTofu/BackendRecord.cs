using System.Text.Json;

namespace Belay.Connectors.OpenTofu;

/// <summary>Which backend <c>init</c> connected, as the tool notes it in <c>TF_DATA_DIR/terraform.tfstate</c>.</summary>
internal static class BackendRecord
{
    private const string DefaultFile = "terraform.tfstate";

    /// <summary>The file (absolute) of a local backend's state; null: the backend is another one.</summary>
    /// <param name="data">The tool's data folder.</param>
    /// <param name="directory">The configuration's folder.</param>
    /// <param name="workspace">The workspace; each but the default one has a folder of its own.</param>
    public static string? LocalState(string data, string directory, string workspace)
    {
        var file = workspace == "default" ? DefaultFile : Path.Combine("terraform.tfstate.d", workspace, DefaultFile);
        var record = Path.Combine(data, DefaultFile);
        // Without a backend block the state lies beside the configuration, and nothing is noted.
        if (!File.Exists(record))
            return Path.Combine(directory, file);
        using var document = JsonDocument.Parse(File.ReadAllBytes(record));
        if (
            !document.RootElement.TryGetProperty("backend", out var backend)
            || backend.ValueKind != JsonValueKind.Object
        )
            return Path.Combine(directory, file);
        if (backend.GetProperty("type").GetString() != "local")
            return null;
        var named = backend.GetProperty("config").TryGetProperty("path", out var path) ? path.GetString() : null;
        return Path.GetFullPath(workspace == "default" ? named ?? file : file, directory);
    }
}
