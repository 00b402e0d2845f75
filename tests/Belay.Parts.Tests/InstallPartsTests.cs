namespace Belay.Parts.Tests;

/// <summary><c>tools/install-parts</c>, which <c>./quickstart</c> and <c>./test</c> begin with, on machines that cannot install.</summary>
public sealed class InstallPartsTests : IDisposable
{
    private readonly BareMachine machine = new();

    public void Dispose() => machine.Dispose();

    [Theory]
    [InlineData("haproxy", "apt-get install --no-install-recommends haproxy")]
    [InlineData("redis", "apt-get install --no-install-recommends redis-server redis-tools")]
    [InlineData("valkey", "apt-get install --no-install-recommends -t bookworm-backports valkey-server valkey-tools")]
    [InlineData("postgresql", "apt-get install --no-install-recommends postgresql-15 postgresql-client-15")]
    public async Task Without_apt_it_says_exactly_what_to_install_and_how_to_go_on(string part, string command)
    {
        BareMachine.SkipWhereItHas(part);

        var ended = await machine.RunAsync("tools/install-parts", part);

        Assert.Equal(69, ended.ExitCode);
        Assert.Contains("this machine has no apt", ended.Said, StringComparison.Ordinal);
        Assert.Contains($"missing: {part}\n", ended.Said, StringComparison.Ordinal);
        Assert.Contains($", as root: {command}\n", ended.Said, StringComparison.Ordinal);
        Assert.Contains("then run tools/install-parts again", ended.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_quickstart_ends_with_that_and_builds_nothing()
    {
        BareMachine.SkipWhereItHas("haproxy");

        var ended = await machine.RunAsync("quickstart");

        Assert.Equal(69, ended.ExitCode);
        Assert.Contains("missing: haproxy", ended.Said, StringComparison.Ordinal);
        Assert.DoesNotContain("building", ended.Said, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_goes_on_as_soon_as_the_programs_are_there()
    {
        BareMachine.SkipWhereItHas("redis");
        Assert.Equal(69, (await machine.RunAsync("tools/install-parts", "redis")).ExitCode);

        machine.Bring("redis-server", "redis-cli");

        var ended = await machine.RunAsync("tools/install-parts", "redis");
        Assert.True(ended.ExitCode == 0, ended.Said);
        Assert.True(File.Exists(Path.Combine(machine.PartsFolder, "bin", "redis-cli")));
        var list = await machine.RunAsync("tools/install-parts", "--list", "redis");
        Assert.Matches(@"^redis\t7\.\S+\t/", list.Said);
    }

    [Fact]
    public async Task A_part_of_which_a_program_is_missing_is_not_taken_for_whole()
    {
        BareMachine.SkipWhereItHas("redis");
        machine.Bring("redis-server");

        Assert.Equal(69, (await machine.RunAsync("tools/install-parts", "redis")).ExitCode);
    }

    [Fact]
    public async Task Without_the_NET_SDK_it_names_the_package_and_the_version()
    {
        machine.Take("dotnet");

        var ended = await machine.RunAsync("tools/install-parts", "dotnet-sdk");

        Assert.Equal(69, ended.ExitCode);
        Assert.Contains("the .NET SDK 10.0 (package dotnet-sdk-10.0", ended.Said, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("exit 100", "redis: the download failed; nothing of it is used")]
    [InlineData("head -c 700 /dev/urandom", "redis: redis.deb did not arrive whole; nothing of it is used")]
    [InlineData(
        "torn=$(mktemp -d) && cd $torn && echo 2.0 >debian-binary && tar -c debian-binary | gzip >control.tar.gz"
            + " && head -c 9000 /dev/urandom | gzip >data.tar.gz && ar -qc a.deb debian-binary control.tar.gz data.tar.gz"
            + " && head -c 4000 a.deb; rm -r $torn",
        "redis: redis.deb did not arrive whole; nothing of it is used"
    )]
    public async Task A_download_that_breaks_off_leaves_no_part_and_says_what_to_do_instead(
        string download,
        string said
    )
    {
        BareMachine.SkipWhereItHas("redis");
        BareMachine.SkipUnlessDebian12();
        machine.BringApt(download);

        var ended = await machine.RunAsync("tools/install-parts", "redis");

        Assert.Equal(69, ended.ExitCode);
        Assert.Contains(said, ended.Said, StringComparison.Ordinal);
        Assert.Contains("missing: redis", ended.Said, StringComparison.Ordinal);
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(machine.PartsFolder, "packages")));
        Assert.Empty(Directory.GetFileSystemEntries(Path.Combine(machine.PartsFolder, "bin")));
        Assert.Equal("redis\tmissing\n", (await machine.RunAsync("tools/install-parts", "--list", "redis")).Said);
    }
}
