namespace Belay.Planning;

/// <summary>Something wrong with a file, where, and what to do about it.</summary>
public sealed record Diagnostic
{
    /// <summary>What kind of problem it is; never changes its meaning. See <see cref="DiagnosticCodes"/>.</summary>
    public required string Code { get; init; }

    /// <summary>The file, as the reader was told it.</summary>
    public required string File { get; init; }

    /// <summary>The line, from 1.</summary>
    public required int Line { get; init; }

    /// <summary>The column, from 1.</summary>
    public required int Column { get; init; }

    /// <summary>What is wrong.</summary>
    public required string Message { get; init; }

    /// <summary>What to do about it, often the nearest known name; null when the message says it all.</summary>
    public string? Hint { get; init; }

    /// <summary>One line: <c>file:line:column: message; hint [code]</c>.</summary>
    public override string ToString() =>
        $"{File}:{Line}:{Column}: {Message}{(Hint is null ? "" : $"; {Hint}")} [{Code}]";
}
