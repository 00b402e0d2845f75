using Belay.Formats;

namespace Belay.Releases.Reading;

/// <summary>Reads a file of environment variables.</summary>
internal static class EnvironmentReader
{
    public static void Read(SourceFile file, Gathering gathered)
    {
        foreach (var variable in EnvText.Read(file.Text))
            gathered.Environment.Add(Fact(variable.Name, variable.Value, $"{file.Shown}:{variable.Line}"));
    }

    /// <summary>A variable; one without a value, or with a placeholder for it, is required.</summary>
    public static EnvironmentFact Fact(string name, string value, string place)
    {
        var isRequired = EnvText.IsUnfilled(value);
        return new EnvironmentFact(name, isRequired ? null : Secrecy.Shown(name, value), isRequired, value, place);
    }
}
