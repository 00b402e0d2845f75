namespace Storefront.Demo;

/// <summary>The plan, and the release it brings, as they lie beside this program.</summary>
internal static class PlanFolder
{
    private static readonly string Source = Path.Combine(AppContext.BaseDirectory, "plan");

    public static void CopyTo(string folder)
    {
        foreach (var name in (string[])["run", "backups", "environments"])
            Directory.CreateDirectory(Path.Combine(folder, name));
        foreach (var file in Directory.EnumerateFiles(Source, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(folder, Path.GetRelativePath(Source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
