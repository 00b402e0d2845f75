using Belay.Formats.Sql;

namespace Belay.Connectors.Tests.PostgreSql;

public sealed class SqlSplitterTests
{
    [Theory]
    [InlineData("SELECT 1; SELECT 2;", 2)]
    [InlineData("SELECT ';'; SELECT 'it''s;'", 2)]
    [InlineData("SELECT E'\\';'; SELECT 1", 2)]
    [InlineData("SELECT '\\'; SELECT 1", 2)]
    [InlineData("SELECT \"a;b\"", 1)]
    [InlineData("-- a; b\nSELECT 1 -- ;\n;", 1)]
    [InlineData("/* ; /* ; */ ; */ SELECT 1", 1)]
    [InlineData("CREATE FUNCTION f() RETURNS int AS $$ SELECT 1; $$ LANGUAGE sql; SELECT 2", 2)]
    [InlineData("CREATE FUNCTION f() RETURNS int AS $a$ x; $$ y; $$ $a$ LANGUAGE sql", 1)]
    [InlineData("SELECT $1; SELECT a$b$c; SELECT 1", 3)]
    [InlineData(
        "CREATE FUNCTION f() RETURNS int BEGIN ATOMIC SELECT 1; SELECT CASE WHEN true THEN 1 END; END; SELECT 2",
        2
    )]
    [InlineData(" ; ;; ", 0)]
    [InlineData("", 0)]
    public void A_file_is_split_where_its_statements_end(string file, int statements) =>
        Assert.Equal(statements, SqlSplitter.Split(file).Length);

    [Theory]
    [InlineData("SELECT 1;\nSELECT 'a", "line 2: the string is not closed")]
    [InlineData("SELECT $$ a", "line 1: the body in $$ is not closed")]
    [InlineData("\n\n/* /* */", "line 3: the comment is not closed")]
    public void What_is_not_closed_is_told_with_its_line(string file, string message) =>
        Assert.Equal(message, Assert.Throws<FormatException>(() => SqlSplitter.Split(file)).Message);

    [Fact]
    public void A_position_in_a_statement_is_found_in_the_file()
    {
        var statement = SqlSplitter.Split("SELECT 1;\n-- why\nSELECT a,\n  b\nFROM c")[1];

        Assert.Equal(3, statement.Line);
        Assert.Equal(4, statement.LineAt(statement.Text.IndexOf('b', StringComparison.Ordinal) + 1));
    }

    [Theory]
    [InlineData("COMMIT")]
    [InlineData("start transaction")]
    [InlineData("ROLLBACK")]
    [InlineData("\\connect shop")]
    [InlineData("COPY orders\nFROM STDIN")]
    public void What_a_migration_cannot_hold_is_objected_to(string sql) =>
        Assert.NotNull(new SqlStatement(sql, 1).Objection);

    [Theory]
    [InlineData("ROLLBACK TO SAVEPOINT a")]
    [InlineData("SAVEPOINT a")]
    [InlineData("CREATE TABLE endings (n int)")]
    public void What_a_migration_can_hold_is_not_objected_to(string sql) =>
        Assert.Null(new SqlStatement(sql, 1).Objection);
}
