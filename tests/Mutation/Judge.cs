using System.Reflection;
using System.Runtime.Loader;

namespace Mutation;

/// <summary>Lets lives be lived with a mutant in the engine's place.</summary>
internal static class Judge
{
    /// <summary>Lives one life after the other until the first violation.</summary>
    /// <param name="engine">The mutant.</param>
    /// <param name="lives">How many at most.</param>
    /// <param name="from">The first seed.</param>
    /// <param name="reached">Told each kind of thing that a life reached; null: nobody asks.</param>
    /// <returns>What noticed it; null: it survived.</returns>
    public static string? Notice(byte[] engine, int lives, int from, Action<string>? reached = null)
    {
        var context = new Context(engine);
        var violationOf = context
            .LoadFromAssemblyPath(Beside("SimulatedWorld.dll"))
            .GetType("SimulatedWorld.Lives.Story", throwOnError: true)!
            .GetMethod("ViolationOf", BindingFlags.Public | BindingFlags.Static)!
            .CreateDelegate<Func<int, Action<string>?, string?>>();
        string? noticed = null;
        for (var seed = from; seed < from + lives && noticed is null; seed++)
            noticed = violationOf(seed, reached);
        return noticed?.Split('\n')[0];
    }

    private static string Beside(string file) => Path.Combine(AppContext.BaseDirectory, file);

    /// <summary>The world and the store see the mutant; the domain is everybody's. What can be unloaded is compiled with all optimizations at its first call, which takes longer than the lives: the worker that ends unloads it.</summary>
    private sealed class Context(byte[] engine) : AssemblyLoadContext
    {
        protected override Assembly? Load(AssemblyName assemblyName) =>
            assemblyName.Name switch
            {
                "Belay.Engine" => LoadFromStream(new MemoryStream(engine)),
                "SimulatedWorld" or "Belay.Rehearsal" => LoadFromAssemblyPath(Beside(assemblyName.Name + ".dll")),
                _ => null,
            };
    }
}
