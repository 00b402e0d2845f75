using System.Collections.Immutable;
using System.Text;
using Belay.Formats;

namespace Belay.Releases.Importing;

/// <summary>Writes the plan that a page became, the page's line beside each step.</summary>
/// <param name="page">The page's name.</param>
/// <param name="approver">Who approves what cannot be taken back.</param>
internal sealed class PlanText(string page, string approver)
{
    /// <summary>How long a line of a comment is.</summary>
    private const int Width = 110;

    private readonly StringBuilder text = new();
    private readonly SortedDictionary<string, string> inputs = new(StringComparer.Ordinal);
    private readonly HashSet<string> ids = new(StringComparer.OrdinalIgnoreCase);
    private bool isApproved;
    private int holes;

    /// <summary>What has to be given, with what it is.</summary>
    public IReadOnlyDictionary<string, string> Inputs => inputs;

    /// <summary>How many steps were written.</summary>
    public int Steps { get; private set; }

    /// <summary>The whole file.</summary>
    public string Write(string? title, IReadOnlyList<Draft> parts, IReadOnlyList<PageSentence> notUnderstood)
    {
        Parts(parts, "  ");
        var steps = text.ToString();
        text.Clear();
        Comment(
            "",
            $"Made from {page} by belay import; the page's line stands above each step. Read it beside the page before it runs."
        );
        text.Append("belay: 1\n");
        Line("", $"upgrade: {Quoted(title ?? page)}");
        text.Append("# The page does not say between which releases it leads.\nfrom: before\nto: after\n\ninputs:\n");
        Line(
            "  ",
            $"approver: {{ type: text, default: {Quoted(approver)}, description: \"who approves what cannot be taken back\" }}"
        );
        foreach (var (name, description) in inputs)
            Line("  ", $"{name}: {{ type: text, description: {Quoted(description)} }}");
        text.Append("\nsteps:\n").Append(steps);
        if (notUnderstood.Count > 0)
        {
            text.Append('\n');
            Comment("", "Not understood, and in no step:");
            foreach (var sentence in notUnderstood)
                Comment("", $"{sentence.Line}: {sentence.Text}");
        }
        return text.ToString();
    }

    private void Parts(IReadOnlyList<Draft> parts, string indent)
    {
        foreach (var part in parts)
        {
            switch (part)
            {
                case Draft.Phase phase:
                    Phase(phase, indent);
                    break;
                case Draft.Remark remark:
                    Comment(indent, $"{remark.Line}: {remark.Text}");
                    break;
                case Draft.Confirm confirm:
                    Begin(confirm, indent);
                    Line(indent, $"- confirm: {{ instructions: {Quoted(confirm.Text)} }}");
                    break;
                case Draft.Gate gate:
                    Begin(gate, indent);
                    Approve(gate.Text, indent);
                    break;
                case Draft.Typed typed:
                    Typed(typed, indent);
                    break;
                case Draft.Shell shell:
                    Shell(shell, indent);
                    break;
                case Draft.Hole hole:
                    Hole(hole, indent);
                    break;
            }
        }
    }

    private void Phase(Draft.Phase phase, string indent)
    {
        if (!HasSteps(phase))
        {
            Comment(indent, $"{phase.Line}: {phase.Name}");
            Parts(phase.Parts, indent);
            return;
        }
        Comment(indent, $"{phase.Line}:");
        Line(indent, $"- phase: {Quoted(phase.Name.Length == 0 ? "?" : phase.Name)}");
        Line(indent, $"  id: {IdOf(phase)}");
        Line(indent, "  steps:");
        Parts(phase.Parts, $"{indent}    ");
    }

    private static bool HasSteps(Draft.Phase phase) =>
        phase.Parts.Exists(part => part is Draft.Phase inner ? HasSteps(inner) : part is not Draft.Remark);

    private string IdOf(Draft.Phase phase)
    {
        var words = string.Concat(
            phase.Name.ToLowerInvariant().Select(letter => char.IsAsciiLetterOrDigit(letter) ? letter : '-')
        );
        var slug = string.Join('-', words.Split('-', StringSplitOptions.RemoveEmptyEntries));
        var id = $"p-{(slug.Length > 40 ? slug[..40].TrimEnd('-') : slug)}".TrimEnd('-');
        return ids.Add(id) ? id : IdOf(phase with { Name = $"{phase.Name} {phase.Line}" });
    }

    private void Typed(Draft.Typed typed, string indent)
    {
        Guard(typed.Operation.IsFinal, indent);
        Begin(typed, indent);
        Line(indent, $"- {typed.Operation.Kind}: {typed.Operation.Name}");
        Name(typed.Name, indent);
        Line(indent, "  with:");
        foreach (var (key, value) in typed.Operation.With)
            Line(indent, $"    {key}: {Value(value)}");
        isApproved &= typed.Operation.Kind == "check" || typed.Operation.IsFinal;
    }

    private string Value(InputValue value) =>
        value switch
        {
            InputValue.Text one => Filled(one.Value),
            InputValue.List list => $"[{string.Join(", ", list.Values.Select(Filled))}]",
            InputValue.Map map =>
                $"{{ {string.Join(", ", map.Members.Select(m => $"{Quoted(m.Key)}: {Filled(m.Value)}"))} }}",
            InputValue.Json json => json.Value.ReplaceLineEndings(" "),
            _ => throw new InvalidOperationException("a value of no known kind"),
        };

    private void Shell(Draft.Shell shell, string indent)
    {
        var isFinal = !shell.OnlyReads && shell.Undo.IsEmpty;
        Guard(isFinal, indent);
        Begin(shell, indent);
        Comment(
            indent,
            shell.OnlyReads ? "It only reads, so there is nothing to take back."
                : isFinal
                    ? "No typed operation does this; nobody can tell whether it is done, and nothing takes it back: give it a check and an undo."
                : "No typed operation does this. The undo is the page's; it must be safe to repeat."
        );
        Line(indent, "- do: shell.run");
        Name(shell.Name, indent);
        Line(indent, "  with:");
        Line(indent, $"    command: {Command([shell.Command], shell.Before)}");
        if (shell.Folder is { } folder)
            Line(indent, $"    folder: {Filled(folder)}");
        if (shell.OnlyReads)
        {
            Line(indent, "    repeatable: true");
            Line(indent, "    undo: { command: [\"true\"] }");
        }
        else if (!isFinal)
        {
            foreach (var undo in shell.Undo)
                Comment($"{indent}    ", $"{undo.Line}: {undo.Comment}");
            Line(indent, $"    undo: {{ command: {Command(shell.Undo, shell.Before)} }}");
        }
        isApproved &= isFinal;
    }

    private string Command(ImmutableArray<ShellWords> commands, ImmutableArray<string> before) =>
        commands is [{ Words.IsEmpty: false } only] && before.IsEmpty
            ? $"[{string.Join(", ", only.Words.Select(Filled))}]"
            : $"[\"sh\", \"-ec\", {Filled(string.Join('\n', before.Concat(commands.Select(one => one.Text))))}]";

    private void Hole(Draft.Hole hole, string indent)
    {
        Guard(isFinal: true, indent);
        Begin(hole, indent);
        Comment(indent, "The page lost this command when it was copied: the plan does not run until it is given.");
        var name = $"lost-{++holes}";
        inputs[name] = $"the command that stood at {page}:{hole.Line}, after: {hole.Name}";
        Line(indent, "- do: shell.run");
        Name($"lost command: {hole.Name}", indent);
        Line(indent, $"  with: {{ command: [\"sh\", \"-ec\", \"${{inputs.{name}}}\"] }}");
    }

    /// <summary>What cannot be taken back comes behind an approval; several such share one.</summary>
    private void Guard(bool isFinal, string indent)
    {
        if (isFinal && !isApproved)
            Approve("what comes next cannot be taken back", indent);
    }

    private void Approve(string name, string indent)
    {
        Line(indent, "- approve: { by: \"${inputs.approver}\" }");
        Name(name, indent);
        isApproved = true;
    }

    private void Begin(Draft draft, string indent)
    {
        Steps++;
        Comment(indent, $"{draft.Line}:");
    }

    private void Name(string name, string indent)
    {
        if (name.Length > 0)
            Line(indent, $"  name: {Quoted(name)}");
    }

    private void Comment(string indent, string words)
    {
        foreach (var line in words.Split('\n'))
        {
            var at = new StringBuilder();
            foreach (var word in line.Split(' '))
            {
                if (at.Length > 0 && at.Length + word.Length > Width)
                {
                    Line(indent, $"#{at}");
                    at.Clear().Append("  ");
                }
                at.Append(' ').Append(word);
            }
            Line(indent, $"#{at}".TrimEnd());
        }
    }

    private void Line(string indent, string words) => text.Append(indent).Append(words).Append('\n');

    /// <summary>A text of the page: nothing in it is a reference.</summary>
    private static string Quoted(string words) => JsonFormat.Quote(Escaped(words));

    /// <summary>A text of the page in which placeholders become inputs.</summary>
    private string Filled(string words) =>
        JsonFormat.Quote(
            Placeholders.Replace(
                words,
                name =>
                {
                    inputs[name] = $"what the page writes as {name}";
                    return $"${{inputs.{name}}}";
                },
                Escaped
            )
        );

    private static string Escaped(string words) => words.Replace("${", "$${", StringComparison.Ordinal);
}
