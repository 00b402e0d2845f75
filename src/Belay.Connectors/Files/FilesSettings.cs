using System.Text.Json.Serialization;
using Belay.Connectors.LocalFiles;
using Belay.Domain.Contract;

namespace Belay.Connectors.Files;

/// <summary>The machine that belay runs on, named so that belay can tell whether it is still the same one. Operations on files need no connection.</summary>
public sealed record FilesSettings : IIdentified
{
    /// <inheritdoc/>
    public ValueTask<string?> IdentifyAsync(TimeProvider clock, CancellationToken ct) => MachineId.ReadAsync(ct);
}

[JsonSerializable(typeof(FilesSettings))]
internal sealed partial class FilesSettingsJson : JsonSerializerContext;
