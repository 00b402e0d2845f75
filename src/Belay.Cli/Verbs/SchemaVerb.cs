using System.CommandLine;
using Belay.Cli.Work;
using Belay.Planning;

namespace Belay.Cli.Verbs;

/// <summary><c>belay schema</c>: the JSON Schema of plan files, for editors.</summary>
internal static class SchemaVerb
{
    public static Command Create(SharedOptions shared)
    {
        var command = new Command("schema", "Print the JSON Schema of plan files, for editors");
        command.SetAction(parsed =>
        {
            var place = shared.PlaceOf(parsed);
            place.Screen.WriteRaw(PlanSchema.Write(place.Catalog, Documentation.Read()));
        });
        return command;
    }
}
