namespace Belay.Releases.Reading;

/// <summary>Something wrong with a file or a folder of a release, where, and what to do about it.</summary>
/// <param name="File">The file or folder, as it was named.</param>
/// <param name="Line">The line, from 1.</param>
/// <param name="Column">The column, from 1.</param>
/// <param name="Message">What is wrong. Holds no value of the file.</param>
/// <param name="Hint">What to do about it; null when the message says it all.</param>
public sealed record ReleaseProblem(string File, int Line, int Column, string Message, string? Hint = null);

/// <summary>Files that cannot be used; nothing was written.</summary>
public sealed class ReleaseProblemException(params ReleaseProblem[] problems)
    : Exception(string.Join('\n', problems.Select(p => $"{p.File}:{p.Line}:{p.Column}: {p.Message}")))
{
    /// <summary>All that is wrong.</summary>
    public IReadOnlyList<ReleaseProblem> Problems { get; } = problems;
}
