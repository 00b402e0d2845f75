namespace Belay.Views.Html;

/// <summary>The style of every view. It lies in the page itself, so that a report is one file.</summary>
internal static class Style
{
    public static string Read()
    {
        using var stream = typeof(Style).Assembly.GetManifestResourceStream("report.css")!;
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
