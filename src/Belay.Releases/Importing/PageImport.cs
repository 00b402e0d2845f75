using System.Collections.Immutable;

namespace Belay.Releases.Importing;

/// <summary>Makes a plan of a procedure that people wrote for people. Pure: the page's text goes in, the plan's text comes out.</summary>
public static class PageImport
{
    /// <summary>The plan, and what is left to do about it.</summary>
    /// <param name="name">The page's name, for the comments beside the steps.</param>
    /// <param name="page">Its text: Markdown, or copied from a web page.</param>
    /// <param name="approver">Who approves what cannot be taken back: a role or a name.</param>
    public static ImportedPlan Read(string name, string page, string approver)
    {
        var builder = new PlanBuilder();
        foreach (var piece in PageReader.Read(page))
            builder.Add(piece);
        builder.PlaceUndos();
        var text = new PlanText(name, approver);
        var plan = text.Write(builder.Title, builder.Root.Parts, builder.NotUnderstood);
        return new ImportedPlan(
            plan,
            builder.Commands,
            builder.Typed,
            text.Steps,
            builder.Lost,
            [.. text.Inputs.Select(input => input.Key)],
            [.. builder.NotUnderstood.OrderBy(sentence => sentence.Line)]
        );
    }
}

/// <summary>What became of a page.</summary>
/// <param name="Plan">The plan file's text.</param>
/// <param name="Commands">How many commands stand in the page.</param>
/// <param name="Typed">How many of them became typed operations; the others are <c>shell.run</c>.</param>
/// <param name="Steps">How many steps the plan has.</param>
/// <param name="Lost">How many commands the page lost when it was copied.</param>
/// <param name="Inputs">What has to be given before the plan runs: lost commands, and what the page leaves to its reader.</param>
/// <param name="NotUnderstood">What asks for something and is no step.</param>
public sealed record ImportedPlan(
    string Plan,
    int Commands,
    int Typed,
    int Steps,
    int Lost,
    ImmutableArray<string> Inputs,
    ImmutableArray<PageSentence> NotUnderstood
);

/// <summary>A sentence of a page.</summary>
/// <param name="Line">Its line, from 1.</param>
/// <param name="Text">The sentence.</param>
public sealed record PageSentence(int Line, string Text);
