namespace Architecture;

internal static class Rule
{
    /// <summary>Fails with everything that breaks the rule, not only the first.</summary>
    public static void Holds(IEnumerable<string> broken)
    {
        var all = broken.ToArray();
        Assert.True(all.Length == 0, string.Join('\n', all));
    }
}
