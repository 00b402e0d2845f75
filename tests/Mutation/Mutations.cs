using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;
using Microsoft.CodeAnalysis.CSharp.Syntax;
using static Microsoft.CodeAnalysis.CSharp.SyntaxFactory;
using Change = (string Kind, Microsoft.CodeAnalysis.SyntaxNode Old, Microsoft.CodeAnalysis.SyntaxNode? New);

namespace Mutation;

/// <summary>Every change that is made of one node of code: the kinds of slips that people make.</summary>
internal static class Mutations
{
    /// <summary>What a node can become, with the kind of change; null: it is gone.</summary>
    public static IEnumerable<Change> Of(SyntaxNode node) =>
        node switch
        {
            BinaryExpressionSyntax binary => Binary(binary),
            PrefixUnaryExpressionSyntax { RawKind: (int)SyntaxKind.LogicalNotExpression } not =>
            [
                ("negation dropped", not, not.Operand),
            ],
            LiteralExpressionSyntax literal => Literal(literal),
            IfStatementSyntax branch =>
            [
                ("condition negated", branch.Condition, Not(branch.Condition)),
                .. branch.Else is null ? [("branch dropped", branch, EmptyStatement())] : Array.Empty<Change>(),
            ],
            ConditionalExpressionSyntax either =>
            [
                ("branches swapped", either, either.WithWhenTrue(either.WhenFalse).WithWhenFalse(either.WhenTrue)),
            ],
            WhenClauseSyntax guard =>
            [
                ("guard negated", guard.Condition, Not(guard.Condition)),
                ("guard dropped", guard, null),
            ],
            CatchFilterClauseSyntax filter => [("catch filter dropped", filter, null)],
            ExpressionStatementSyntax statement => [("statement dropped", statement, EmptyStatement())],
            ReturnStatementSyntax { Expression: { } value } returned => Returned(returned, value),
            ThrowStatementSyntax thrown => [("throw dropped", thrown, EmptyStatement())],
            BreakStatementSyntax { Parent: not SwitchSectionSyntax } left =>
            [
                ("break dropped", left, EmptyStatement()),
            ],
            ContinueStatementSyntax left => [("continue dropped", left, BreakStatement())],
            MemberAccessExpressionSyntax access => Access(access),
            IsPatternExpressionSyntax pattern when pattern.Parent is not ArgumentSyntax => HasDesignation(pattern)
                ? []
                : [("pattern negated", pattern, Not(pattern))],
            BlockSyntax block => Neighbours(block),
            InvocationExpressionSyntax call => Call(call),
            ArrowExpressionClauseSyntax arrow => Arrow(arrow),
            SwitchExpressionArmSyntax { Parent: SwitchExpressionSyntax { Arms.Count: > 2 } } arm =>
            [
                ("arm dropped", arm, null),
            ],
            _ => [],
        };

    private static IEnumerable<Change> Binary(BinaryExpressionSyntax node)
    {
        (SyntaxKind Kind, SyntaxKind Token)[] others = node.Kind() switch
        {
            SyntaxKind.LogicalAndExpression => [(SyntaxKind.LogicalOrExpression, SyntaxKind.BarBarToken)],
            SyntaxKind.LogicalOrExpression => [(SyntaxKind.LogicalAndExpression, SyntaxKind.AmpersandAmpersandToken)],
            SyntaxKind.EqualsExpression => [(SyntaxKind.NotEqualsExpression, SyntaxKind.ExclamationEqualsToken)],
            SyntaxKind.NotEqualsExpression => [(SyntaxKind.EqualsExpression, SyntaxKind.EqualsEqualsToken)],
            SyntaxKind.LessThanExpression =>
            [
                (SyntaxKind.LessThanOrEqualExpression, SyntaxKind.LessThanEqualsToken),
                (SyntaxKind.GreaterThanOrEqualExpression, SyntaxKind.GreaterThanEqualsToken),
            ],
            SyntaxKind.LessThanOrEqualExpression =>
            [
                (SyntaxKind.LessThanExpression, SyntaxKind.LessThanToken),
                (SyntaxKind.GreaterThanExpression, SyntaxKind.GreaterThanToken),
            ],
            SyntaxKind.GreaterThanExpression =>
            [
                (SyntaxKind.GreaterThanOrEqualExpression, SyntaxKind.GreaterThanEqualsToken),
                (SyntaxKind.LessThanOrEqualExpression, SyntaxKind.LessThanEqualsToken),
            ],
            SyntaxKind.GreaterThanOrEqualExpression =>
            [
                (SyntaxKind.GreaterThanExpression, SyntaxKind.GreaterThanToken),
                (SyntaxKind.LessThanExpression, SyntaxKind.LessThanToken),
            ],
            SyntaxKind.AddExpression => [(SyntaxKind.SubtractExpression, SyntaxKind.MinusToken)],
            SyntaxKind.SubtractExpression => [(SyntaxKind.AddExpression, SyntaxKind.PlusToken)],
            SyntaxKind.MultiplyExpression => [(SyntaxKind.DivideExpression, SyntaxKind.SlashToken)],
            _ => [],
        };
        foreach (var (kind, token) in others)
            yield return (
                "operator",
                node,
                BinaryExpression(kind, node.Left, Token(token).WithTriviaFrom(node.OperatorToken), node.Right)
            );
        if (node.IsKind(SyntaxKind.CoalesceExpression) && node.Right is not ThrowExpressionSyntax)
            yield return ("fallback alone", node, node.Right);
    }

    private static IEnumerable<Change> Literal(LiteralExpressionSyntax node) =>
        node.Kind() switch
        {
            SyntaxKind.TrueLiteralExpression =>
            [
                ("constant", node, LiteralExpression(SyntaxKind.FalseLiteralExpression)),
            ],
            SyntaxKind.FalseLiteralExpression =>
            [
                ("constant", node, LiteralExpression(SyntaxKind.TrueLiteralExpression)),
            ],
            SyntaxKind.NumericLiteralExpression when node.Token.Value is int value =>
            [
                (
                    "constant",
                    node,
                    LiteralExpression(SyntaxKind.NumericLiteralExpression, SyntaxFactory.Literal(value == 0 ? 1 : 0))
                ),
            ],
            _ => [],
        };

    private static IEnumerable<Change> Returned(ReturnStatementSyntax node, ExpressionSyntax value)
    {
        if (
            (node.Parent is BlockSyntax { Statements: var all } && all.Last() != node)
            || node.Parent is IfStatementSyntax
        )
            yield return ("return dropped", node, EmptyStatement());
        if (value is AwaitExpressionSyntax or InvocationExpressionSyntax or BinaryExpressionSyntax)
        {
            yield return ("returns true", node, node.WithExpression(True));
            yield return ("returns false", node, node.WithExpression(False));
        }
    }

    private static IEnumerable<Change> Arrow(ArrowExpressionClauseSyntax node)
    {
        yield return ("is true", node.Expression, True);
        yield return ("is false", node.Expression, False);
        if (node.Expression is InvocationExpressionSyntax or AwaitExpressionSyntax)
            yield return (
                "does nothing",
                node.Expression,
                ParseExpression("System.Threading.Tasks.Task.CompletedTask")
            );
    }

    /// <summary>Names that are easily taken for one another.</summary>
    private static IEnumerable<Change> Access(MemberAccessExpressionSyntax node)
    {
        string[][] twins =
        [
            ["OrderBy", "OrderByDescending"],
            ["Any", "All"],
            ["Take", "Skip"],
            ["TakeWhile", "SkipWhile"],
            ["First", "Last"],
            ["FirstOrDefault", "LastOrDefault"],
            ["Min", "Max"],
            ["Parent", "Root"],
            ["Stopping", "Hurrying"],
        ];
        foreach (var pair in twins)
        {
            var at = Array.IndexOf(pair, node.Name.Identifier.Text);
            if (at >= 0 && node.Name is IdentifierNameSyntax)
                yield return ("name", node, node.WithName(IdentifierName(pair[1 - at])));
        }
    }

    private static IEnumerable<Change> Call(InvocationExpressionSyntax node)
    {
        // A filter that is not applied.
        if (
            node.Expression is MemberAccessExpressionSyntax
            {
                Name.Identifier.Text: "Where" or "DistinctBy" or "Distinct"
            } access
        )
            yield return ("filter dropped", node, access.Expression);
        if (
            node.ArgumentList.Arguments is [var first, var second]
            // Which of two tokens is linked first is all the same.
            && node.Expression is not MemberAccessExpressionSyntax { Name.Identifier.Text: "CreateLinkedTokenSource" }
            && first.NameColon is null
            && second.NameColon is null
        )
            yield return (
                "arguments swapped",
                node,
                node.WithArgumentList(ArgumentList(SeparatedList([second, first])))
            );
    }

    private static IEnumerable<Change> Neighbours(BlockSyntax block)
    {
        for (var i = 0; i + 1 < block.Statements.Count; i++)
        {
            var (one, two) = (block.Statements[i], block.Statements[i + 1]);
            if (one is not ExpressionStatementSyntax && two is not ExpressionStatementSyntax)
                continue;
            // Two that speak of nothing in common can stand in either order.
            if (!Names(one).Overlaps(Names(two)))
                continue;
            var statements = block.Statements.Replace(one, two.WithoutTrivia());
            statements = statements.RemoveAt(i + 1).Insert(i + 1, one);
            yield return ("statements swapped", block, block.WithStatements(statements));
        }
    }

    private static HashSet<string> Names(SyntaxNode node) =>
        [
            .. node.DescendantTokens()
                .Where(token => token.IsKind(SyntaxKind.IdentifierToken) || token.IsKind(SyntaxKind.AwaitKeyword))
                .Select(token => token.Text),
        ];

    private static bool HasDesignation(IsPatternExpressionSyntax pattern) =>
        pattern.DescendantNodes().OfType<SingleVariableDesignationSyntax>().Any();

    private static PrefixUnaryExpressionSyntax Not(ExpressionSyntax condition) =>
        PrefixUnaryExpression(SyntaxKind.LogicalNotExpression, ParenthesizedExpression(condition.WithoutTrivia()));

    private static LiteralExpressionSyntax True => LiteralExpression(SyntaxKind.TrueLiteralExpression);

    private static LiteralExpressionSyntax False => LiteralExpression(SyntaxKind.FalseLiteralExpression);
}
