namespace Belay.Connectors.HaProxy;

/// <summary>A server as one process of HAProxy sees it.</summary>
/// <param name="Backend">The backend's name.</param>
/// <param name="Name">The server's name.</param>
/// <param name="Address">Its address and port.</param>
/// <param name="Admin">What an operator asked of it.</param>
/// <param name="Running">Its health, or the lack of any check, allows it to serve.</param>
/// <param name="Weight">Its weight, 0 to 256.</param>
/// <param name="Checks">Whether it is checked.</param>
internal sealed record ServerRow(
    string Backend,
    string Name,
    string Address,
    Admin Admin,
    bool Running,
    int Weight,
    CheckState Checks
)
{
    /// <summary>Gets new sessions now.</summary>
    public bool Serves => Admin == Admin.Ready && Running && Weight > 0;
}

/// <summary>The health checks of a server.</summary>
/// <param name="Configured">There are any.</param>
/// <param name="Enabled">They are switched on.</param>
internal readonly record struct CheckState(bool Configured, bool Enabled);

/// <summary>What a server has to do now.</summary>
/// <param name="Backend">The backend's name.</param>
/// <param name="Name">The server's name.</param>
/// <param name="Sessions">Sessions it works on, and those queued for it.</param>
/// <param name="IsBackup">It serves only when no other one can.</param>
internal sealed record ServerLoad(string Backend, string Name, int Sessions, bool IsBackup);
