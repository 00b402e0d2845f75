using System.CommandLine;
using Belay.Cli.Screens;
using Belay.Cli.Work;
using Belay.Domain.Operations;
using Belay.Planning;

namespace Belay.Cli.Verbs;

/// <summary><c>belay operations</c>: the reference of all operations, made from their types.</summary>
internal static class OperationsVerb
{
    public static Command Create(SharedOptions shared)
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "An operation; without it all are listed",
            Arity = ArgumentArity.ZeroOrOne,
        };
        name.CompletionSources.Add(context =>
            shared
                .PlaceOf(context.ParseResult)
                .Catalog.Operations.Select(o => new System.CommandLine.Completions.CompletionItem(o.Name))
        );
        var markdown = new Option<string?>("--markdown")
        {
            Description = "Write the whole reference as Markdown, a page for each connector, into this folder",
            HelpName = "DIR",
        };
        var command = new Command("operations", "Explain the operations that a plan can use") { name, markdown };
        command.SetAction(parsed =>
        {
            var place = shared.PlaceOf(parsed);
            if (parsed.GetValue(markdown) is { } folder)
                return WritePages(place, folder);
            return parsed.GetValue(name) is { } one ? Explain(place, one) : List(place);
        });
        return command;
    }

    private static int List(Workplace place)
    {
        if (place.Screen.Format == OutputFormat.Json)
            place.Screen.WriteRaw(OperationReference.WriteJson(place.Catalog, Documentation.Read()));
        var width = place.Catalog.Operations.Max(operation => operation.Name.Length);
        place.Screen.Write(
            place.Catalog.Operations.Select(operation =>
                (ScreenLine)$"{operation.Name.PadRight(width)}  {Kind(operation), -16}  {operation.Summary}"
            )
        );
        return ExitCode.Done;
    }

    private static int Explain(Workplace place, string name)
    {
        if (place.Catalog.Find(name) is not { } operation)
        {
            var near = new NearestName().Hint(name, [.. place.Catalog.Operations.Select(o => o.Name)], "operations");
            throw new Refusal(ExitCode.BadUsage, $"there is no operation '{name}'{(near is null ? "" : $": {near}")}");
        }
        var one = new Catalog([place.Catalog.FindConnector(name.Split('.')[0])! with { Operations = [operation] }]);
        place.Screen.WriteRaw(
            place.Screen.Format == OutputFormat.Json
                ? OperationReference.WriteJson(one, Documentation.Read())
                : OperationReference.Write(operation, Documentation.Read())
        );
        return ExitCode.Done;
    }

    private static int WritePages(Workplace place, string folder)
    {
        Directory.CreateDirectory(folder);
        foreach (var (connector, page) in OperationReference.WritePages(place.Catalog, Documentation.Read()))
            File.WriteAllText(Path.Combine(folder, $"{connector}.md"), page);
        return ExitCode.Done;
    }

    private static string Kind(OperationDefinition operation) =>
        operation switch
        {
            ChangeDefinition { IsBackup: true } => "backup",
            ChangeDefinition change => $"change, {change.Reversal.ToString().ToLowerInvariant()}",
            _ => "check",
        };
}
