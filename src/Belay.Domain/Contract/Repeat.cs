namespace Belay.Domain.Contract;

/// <summary>What doing a change again after a partial run means.</summary>
public enum Repeat
{
    /// <summary>Repeating is harmless.</summary>
    Safe,

    /// <summary>The work carries a token; see <see cref="ITokenSearch"/>.</summary>
    ByToken,

    /// <summary>A person must say whether it happened.</summary>
    Never,
}
