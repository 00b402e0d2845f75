namespace Storefront.Demo;

/// <summary>The exit codes of Belay that the demonstration tells apart.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Halted = 4;
    public const int RolledBack = 6;
}
