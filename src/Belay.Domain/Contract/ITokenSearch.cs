namespace Belay.Domain.Contract;

/// <summary>A change whose work carries <see cref="IScope.Token"/>, so that work done twice by accident can be told from work never done.</summary>
/// <remarks>Implemented beside <see cref="IChange{TState}"/> by every change whose <see cref="Repeat"/> is <see cref="Repeat.ByToken"/>.</remarks>
public interface ITokenSearch
{
    /// <summary>Looks for the step's token in the target's queue and history.</summary>
    ValueTask<TokenTrace> FindAsync(CancellationToken ct);
}

/// <summary>What a target knows of a token.</summary>
public enum TokenTrace
{
    /// <summary>The target has never seen the token: the work was not started and may be applied.</summary>
    Unknown,

    /// <summary>The target is at work on it: wait and look again.</summary>
    Running,

    /// <summary>The work was carried out.</summary>
    Done,
}
