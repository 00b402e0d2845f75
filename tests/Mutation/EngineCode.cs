using System.Collections.Immutable;
using System.Reflection;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.Diagnostics;

namespace Mutation;

/// <summary>The engine's code as its build compiles it.</summary>
internal sealed class EngineCode
{
    private const string Usings = """
        global using System;
        global using System.Collections.Generic;
        global using System.IO;
        global using System.Linq;
        global using System.Net.Http;
        global using System.Threading;
        global using System.Threading.Tasks;
        """;

    private static readonly CSharpParseOptions Language = new(LanguageVersion.Latest);
    private readonly CSharpCompilation compilation;
    private byte[]? whole;

    public EngineCode()
    {
        Folder = Path.GetFullPath(Said("EngineFolder"));
        Trees =
        [
            .. Directory
                .EnumerateFiles(Folder, "*.cs", SearchOption.AllDirectories)
                .Where(file =>
                    Path.GetRelativePath(Folder, file).Split(Path.DirectorySeparatorChar)[0] is not ("obj" or "bin")
                )
                .Order(StringComparer.Ordinal)
                .Select(file => CSharpSyntaxTree.ParseText(File.ReadAllText(file), Language, file)),
        ];
        compilation = Generated(
            CSharpCompilation.Create(
                "Belay.Engine",
                [CSharpSyntaxTree.ParseText(Usings, Language), .. Trees],
                References(),
                new CSharpCompilationOptions(
                    OutputKind.DynamicallyLinkedLibrary,
                    optimizationLevel: OptimizationLevel.Release,
                    deterministic: true,
                    nullableContextOptions: NullableContextOptions.Enable
                )
            )
        );
    }

    /// <summary>The folder of the engine's project.</summary>
    public string Folder { get; }

    /// <summary>The files that people write.</summary>
    public ImmutableArray<SyntaxTree> Trees { get; }

    /// <summary>The engine as it is.</summary>
    /// <exception cref="InvalidOperationException">It does not compile here.</exception>
    public byte[] Whole() =>
        Emit(compilation)
        ?? throw new InvalidOperationException(
            string.Join('\n', compilation.GetDiagnostics().Where(known => known.Severity == DiagnosticSeverity.Error))
        );

    /// <summary>The engine with one change in it.</summary>
    /// <returns>Null: it does not compile.</returns>
    public byte[]? With(Mutant mutant)
    {
        var changed = CSharpSyntaxTree.ParseText(mutant.Root().ToFullString(), Language, mutant.Tree.FilePath);
        return Emit(compilation.ReplaceSyntaxTree(mutant.Tree, changed));
    }

    /// <summary>Whether a mutant is compiled to the very same code as the engine: nothing could notice it.</summary>
    public bool IsSame(byte[] image) => image.AsSpan().SequenceEqual(whole ??= Whole());

    private static byte[]? Emit(CSharpCompilation code)
    {
        using var image = new MemoryStream();
        return code.Emit(image).Success ? image.ToArray() : null;
    }

    private static CSharpCompilation Generated(CSharpCompilation code)
    {
        var generators = new AnalyzerFileReference(Said("JsonGenerator"), new Loader()).GetGenerators(
            LanguageNames.CSharp
        );
        CSharpGeneratorDriver
            .Create(generators, parseOptions: Language)
            .RunGeneratorsAndUpdateCompilation(code, out var whole, out _);
        return (CSharpCompilation)whole;
    }

    private static IEnumerable<MetadataReference> References() =>
        ((string)AppContext.GetData("TRUSTED_PLATFORM_ASSEMBLIES")!)
            .Split(Path.PathSeparator)
            .Where(file =>
                Path.GetFileName(file) is var name
                && (
                    name.StartsWith("System.", StringComparison.Ordinal)
                    || name is "Belay.Domain.dll" or "netstandard.dll"
                )
            )
            .Select(file => MetadataReference.CreateFromFile(file));

    private static string Said(string name) =>
        typeof(EngineCode)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(known => known.Key == name)
            .Value!;

    private sealed class Loader : IAnalyzerAssemblyLoader
    {
        public void AddDependencyLocation(string fullPath) { }

        public Assembly LoadFromPath(string fullPath) => Assembly.LoadFrom(fullPath);
    }
}
