using Belay.Connectors.HaProxy;

namespace Belay.Connectors.Tests.HaProxy;

/// <summary>Answers as HAProxy 2.6.12 gave them.</summary>
public sealed class AnswerTests
{
    private const string State = """
        1
        # be_id be_name srv_id srv_name srv_addr srv_op_state srv_admin_state srv_uweight srv_iweight srv_time_since_last_change srv_check_status srv_check_result srv_check_health srv_check_state srv_agent_state bk_f_forced_id srv_f_forced_id srv_fqdn srv_port srvrecord srv_use_ssl srv_check_port srv_check_addr srv_agent_addr srv_agent_port
        3 shop 1 web1 127.0.0.1 2 0 1 1 1 15 3 2 6 0 0 0 - 18001 - 0 0 - - 0
        3 shop 2 web2 127.0.0.1 2 8 0 1 1 15 3 2 6 0 0 0 - 18002 - 0 0 - - 0
        3 shop 3 slot3 127.0.0.1 0 5 1 1 1 1 0 0 14 0 0 0 - 1 - 0 0 - - 0
        4 raw 1 t1 ::1 0 4 5 1 1356 1 0 2 0 0 0 0 - 18001 - 0 0 - - 0
        """;

    [Fact]
    public void A_servers_state_tells_address_admin_health_weight_and_checks()
    {
        Assert.Equal(
            [
                new("shop", "web1", "127.0.0.1:18001", Admin.Ready, true, 1, new(true, true)),
                new("shop", "web2", "127.0.0.1:18002", Admin.Drain, true, 0, new(true, true)),
                new("shop", "slot3", "127.0.0.1:1", Admin.Maint, false, 1, new(true, true)),
                new("raw", "t1", "[::1]:18001", Admin.Ready, false, 5, new(false, false)),
            ],
            ServersState.Parse(State)
        );
    }

    [Theory]
    [InlineData("")]
    [InlineData("Unknown command: 'show servers state'")]
    [InlineData("2\n# be_id\n")]
    [InlineData("1\n# be_id be_name srv_name\n3 shop\n")]
    public void Another_answer_is_no_servers_state(string answer) =>
        Assert.Throws<FormatException>(() => ServersState.Parse(answer));

    [Fact]
    public void Statistics_tell_sessions_with_those_queued()
    {
        const string Stat = """
            # pxname,svname,qcur,qmax,scur,smax,slim,stot,bin,bout,dreq,dresp,ereq,econ,eresp,wretr,wredis,status,weight,act,bck,chkfail,
            shop,web1,2,2,3,9,,41,0,0,,0,,0,0,0,0,UP,1,1,0,1,
            shop,spare,,,0,0,,0,0,0,,0,,0,0,0,0,UP,1,0,1,0,
            """;

        Assert.Equal([new("shop", "web1", 5, false), new("shop", "spare", 0, true)], ServersStat.Parse(Stat));
    }

    [Fact]
    public void A_master_tells_workers_that_serve_and_those_that_leave()
    {
        const string Proc = """
            #<PID>          <type>          <reloads>       <uptime>        <version>
            17054           master          1 [failed: 0]   0d00h23m10s     2.6.12-1+deb12u4
            # workers
            25574           worker          0               0d00h00m26s     2.6.12-1+deb12u4
            # old workers
            17084           worker          1               0d00h23m10s     2.6.12-1+deb12u4
            # programs
            """;

        Assert.Equal([new(25574, false), new(17084, true)], Workers.Parse(Proc));
    }
}
