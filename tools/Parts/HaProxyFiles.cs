namespace Belay.Parts;

/// <summary>The paths that a configuration of HAProxy has to name.</summary>
/// <param name="Folder">Where the server's files lie.</param>
/// <param name="Socket">For <c>stats socket ... level admin</c>; the server is asked through it whether it is ready.</param>
/// <param name="StateFile">For <c>server-state-file</c>; written from the running process before each reload.</param>
public sealed record HaProxyFiles(string Folder, string Socket, string StateFile);
