using Belay.Domain.Contract;

namespace Belay.Planning.Tests;

public sealed class EnvironmentFileTests
{
    private static readonly string Plan = Path.Combine(AppContext.BaseDirectory, "cases", "byte-order-mark.yaml");

    [Fact]
    public void A_connection_has_its_secrets_and_remembers_them_for_removal()
    {
        var environment = Load(name => name == "BELAY_TEST_DB_PASSWORD" ? "hunter2" : null);
        var settings = environment.Connection<StoreSettings>("db");
        Assert.Equal(("127.0.0.1", 7001, "hunter2"), (settings.Host, settings.Port, settings.Password!.Reveal()));
        Assert.Equal(["hunter2"], environment.Revealed);
    }

    [Fact]
    public void A_secret_is_read_again_at_each_use()
    {
        var value = "one";
        var environment = Load(_ => value);
        Assert.Equal("one", environment.Secret("DB_PASSWORD"));
        value = "two";
        Assert.Equal("two", environment.Secret("DB_PASSWORD"));
        Assert.Equal(["one", "two"], environment.Revealed.Order());
    }

    [Fact]
    public void A_secret_without_a_value_is_refused_and_names_the_variable()
    {
        var failure = Assert.Throws<OperationException>(() => Load(_ => null).Connection<StoreSettings>("db"));
        Assert.Equal(FailureKind.Refused, failure.Kind);
        Assert.Contains("BELAY_TEST_DB_PASSWORD", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_in_a_file_loses_its_last_line_break()
    {
        var file = Path.Combine(AppContext.BaseDirectory, "cases", "secrets", "token");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, "abc\n");
        Assert.Equal("abc", Load(_ => null).Secret("API_TOKEN"));
        File.Delete(file);
        var failure = Assert.Throws<OperationException>(() => Load(_ => null).Secret("API_TOKEN"));
        Assert.Contains("secrets/token", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_connection_of_another_kind_or_name_is_refused()
    {
        var environment = Load(_ => "x");
        Assert.Contains(
            "of the kind web",
            Refusal(() => environment.Connection<StoreSettings>("edge")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "it has db, edge",
            Refusal(() => environment.Connection<StoreSettings>("bd")),
            StringComparison.Ordinal
        );
        Assert.Contains(
            "it has API_TOKEN, DB_PASSWORD",
            Refusal(() => environment.Secret("X")),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void An_environment_says_from_which_soak_on_a_run_parks()
    {
        Assert.Equal(TimeSpan.FromMinutes(30), Load(_ => "x", "parking").ParkAfter);
        Assert.Null(Load(_ => "x").ParkAfter);
    }

    private static string Refusal(Func<object> use) => Assert.Throws<OperationException>(use).Message;

    private static EnvironmentFile Load(Func<string, string?> variables, string name = "default") =>
        Assert
            .IsType<LoadResult.Loaded>(
                PlanLoader.Load(Plan, name, new Dictionary<string, string>(), FakeCatalog.Make(), variables)
            )
            .Environment;
}
