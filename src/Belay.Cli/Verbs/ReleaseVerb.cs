using System.Collections.Immutable;
using System.CommandLine;
using Belay.Planning;
using Belay.Releases.Reading;

namespace Belay.Cli.Verbs;

/// <summary><c>belay release</c>: what a new release means, before there is a plan.</summary>
internal static class ReleaseVerb
{
    public static Command Create(SharedOptions shared) =>
        new("release", "Read release folders: what a new one means, what must be merged, what to know on duty")
        {
            ReleaseDiffVerb.Create(shared),
            ReleaseMergeVerb.Create(shared),
            ReleaseBriefVerb.Create(shared),
            ReleaseCheckVerb.Create(shared),
        };

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
