using System.Collections.Immutable;
using System.CommandLine;
using Belay.Planning;
using Belay.Releases.Reading;

namespace Belay.Cli.Verbs;

/// <summary><c>belay release</c>: what a new release means, before there is a plan.</summary>
internal static class ReleaseVerb
{
    public static Command Create(SharedOptions shared) =>
        new("release", "Read release folders: merge what an operator has to merge") { ReleaseMergeVerb.Create(shared) };

    /// <summary>Runs what reads files of a release; what is wrong with them becomes a refusal.</summary>
    public static T Reading<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (ReleaseProblemException e)
        {
            throw new Refusal([
                .. e.Problems.Select(problem => new Diagnostic
                {
                    Code = DiagnosticCodes.Release,
                    File = problem.File,
                    Line = problem.Line,
                    Column = problem.Column,
                    Message = problem.Message,
                    Hint = problem.Hint,
                }),
            ]);
        }
    }
}
