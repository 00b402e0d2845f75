using Belay.Formats;
using Belay.Releases.Merging;
using Belay.Releases.Trees;
using YamlDotNet.Core;

namespace Belay.Releases.Reading;

/// <summary>Reads YAML: charts, manifests of Kubernetes, compose files, and values; which it is, the keys say.</summary>
internal sealed class YamlReader
{
    private readonly SourceFile file;
    private readonly Gathering gathered;

    private YamlReader(SourceFile file, Gathering gathered) => (this.file, this.gathered) = (file, gathered);

    public static void Read(SourceFile file, Gathering gathered)
    {
        try
        {
            var documents = YamlNode.ReadAll(file.Text);
            foreach (var document in documents.OfType<YamlMapping>())
                new YamlReader(file, gathered).Read(document, isAlone: documents.Length == 1);
        }
        catch (YamlException) when (file.Text.Contains("{{", StringComparison.Ordinal))
        {
            // No YAML before helm has filled it in.
            gathered.Leave(file.Shown, "a template, which only its tool can read");
        }
        catch (YamlException e)
        {
            throw new ValueFormatException("YAML", "the parser stops there", (int)e.Start.Line, (int)e.Start.Column);
        }
    }

    private void Read(YamlMapping root, bool isAlone)
    {
        ReadImages(root);
        if (Text(root, "apiVersion") is not { } api)
        {
            if (Find(root, "services") is YamlMapping services && services.Members.Any(IsService))
                ReadCompose(services);
            else if (isAlone)
                SettingsReader.Read(TemplateFormat.Yaml, file, gathered);
        }
        else if (Text(root, "kind") is { } kind)
        {
            ReadManifest(root, api, kind);
        }
        else if (Text(root, "name") is { } name && Text(root, "version") is { } version)
        {
            ReadChart(root, name, version);
        }
    }

    private static bool IsService(YamlMember member) =>
        member.Value is YamlMapping service && (Find(service, "image") ?? Find(service, "build")) is not null;

    private void ReadChart(YamlMapping root, string name, string version)
    {
        gathered.Charts.Add(new ChartFact(name, version, Text(root, "appVersion"), PlaceOf(root)));
        if (Text(root, "kubeVersion") is { } range)
            gathered.Tools.Add(new ToolFact("kubernetes", range, PlaceOf(Find(root, "kubeVersion")!)));
        if (Find(root, "dependencies") is YamlSequence parts)
            foreach (var part in parts.Elements.OfType<YamlMapping>())
                if (Text(part, "name") is { } dependency && Text(part, "version") is { } wanted)
                    gathered.Charts.Add(new ChartFact($"{name}/{dependency}", wanted, null, PlaceOf(part)));
    }

    private void ReadManifest(YamlMapping root, string api, string kind)
    {
        var name = Find(root, "metadata") is YamlMapping metadata ? Text(metadata, "name") : null;
        gathered.Resources.Add(
            new ResourceFact($"{api.Split('/')[0]}/{kind} {name ?? "(no name)"}", IsActive: true, null, PlaceOf(root))
        );
        if (kind == "ConfigMap" && Find(root, "data") is YamlMapping data)
            foreach (var member in data.Members)
                if (member is { Name: { } key, Value: YamlScalar value } && EnvironmentName(key))
                    gathered.Environment.Add(EnvironmentReader.Fact(key, value.Value, PlaceOf(value)));
        ReadVariables(root);
    }

    // "env" of any container, however deep it lies.
    private void ReadVariables(YamlNode node)
    {
        switch (node)
        {
            case YamlMapping map:
                if (Find(map, "env") is YamlSequence variables && Find(map, "image") is not null)
                    foreach (var variable in variables.Elements.OfType<YamlMapping>())
                        if (Text(variable, "name") is { } name)
                            gathered.Environment.Add(
                                Find(variable, "valueFrom") is null
                                    ? EnvironmentReader.Fact(name, Text(variable, "value") ?? "", PlaceOf(variable))
                                    : new EnvironmentFact(name, "(from a reference)", false, "", PlaceOf(variable))
                            );
                foreach (var member in map.Members)
                    ReadVariables(member.Value);
                break;
            case YamlSequence list:
                foreach (var element in list.Elements)
                    ReadVariables(element);
                break;
        }
    }

    private void ReadCompose(YamlMapping services)
    {
        foreach (var service in services.Members)
        {
            gathered.Resources.Add(
                new ResourceFact($"service {service.Name}", IsActive: true, null, PlaceOf(service.Value))
            );
            if (service.Value is YamlMapping map)
                ReadComposeVariables(Find(map, "environment"));
        }
    }

    private void ReadComposeVariables(YamlNode? environment)
    {
        if (environment is YamlMapping map)
            foreach (var member in map.Members)
                if (member is { Name: { } name, Value: YamlScalar value })
                    gathered.Environment.Add(EnvironmentReader.Fact(name, value.Value, PlaceOf(value)));
        if (environment is YamlSequence list)
            foreach (var element in list.Elements.OfType<YamlScalar>())
            {
                var parts = element.Value.Split('=', 2);
                gathered.Environment.Add(
                    EnvironmentReader.Fact(parts[0], parts.Length > 1 ? parts[1] : "", PlaceOf(element))
                );
            }
    }

    // "image: name:tag", or the map of charts: registry, repository, tag, digest.
    private void ReadImages(YamlNode node)
    {
        switch (node)
        {
            case YamlMapping map:
                if (
                    Text(map, "image") is { } whole
                    && ImageReference.Of(whole, PlaceOf(Find(map, "image")!)) is { } image
                )
                    gathered.Images.Add(image);
                if (
                    Text(map, "repository") is { Length: > 0 } repository
                    && (Find(map, "tag") ?? Find(map, "digest")) is { } tag
                )
                    gathered.Images.Add(
                        new ImageFact(
                            Text(map, "registry") is { Length: > 0 } registry ? $"{registry}/{repository}" : repository,
                            Text(map, "tag"),
                            Text(map, "digest"),
                            PlaceOf(tag)
                        )
                    );
                foreach (var member in map.Members)
                    ReadImages(member.Value);
                break;
            case YamlSequence list:
                foreach (var element in list.Elements)
                {
                    if (
                        element is YamlScalar scalar
                        && scalar.Value.Contains('/', StringComparison.Ordinal)
                        && ImageReference.Of(scalar.Value, PlaceOf(scalar)) is { Tag: not null } listed
                    )
                        gathered.Images.Add(listed);
                    ReadImages(element);
                }
                break;
        }
    }

    private string PlaceOf(YamlNode node) => $"{file.Shown}:{SourceLines.NumberOf(file.Text, node.Start)}";

    private static bool EnvironmentName(string key) =>
        key.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_');

    private static YamlNode? Find(YamlMapping map, string name) =>
        map.Members.FirstOrDefault(m => m.Name == name)?.Value;

    private static string? Text(YamlMapping map, string name) => (Find(map, name) as YamlScalar)?.Value;
}
