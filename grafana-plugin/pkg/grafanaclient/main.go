// Command grafanaclient does for tests what Grafana's server does with a backend: it starts the executable, asks it over
// go-plugin's protocol, and ends it. It reads an asking as JSON from its input and writes what came back to its output.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"time"

	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/grpcplugin"
	"github.com/grafana/grafana-plugin-sdk-go/genproto/pluginv2"
	"github.com/hashicorp/go-hclog"
	goplugin "github.com/hashicorp/go-plugin"
)

// asking is what a test wants to know of an executable.
type asking struct {
	Executable string            `json:"executable"`
	JSONData   json.RawMessage   `json:"jsonData"`
	Secrets    map[string]string `json:"secrets"`
	Headers    map[string]string `json:"headers"`
	Queries    []struct {
		RefID         string          `json:"refId"`
		From          int64           `json:"from"`
		To            int64           `json:"to"`
		MaxDataPoints int64           `json:"maxDataPoints"`
		IntervalMs    int64           `json:"intervalMs"`
		Query         json.RawMessage `json:"query"`
	} `json:"queries"`
}

// answer is what the executable said.
type answer struct {
	Health struct {
		Status  string `json:"status"`
		Message string `json:"message"`
	} `json:"health"`
	Data *backend.QueryDataResponse `json:"data"`
}

func main() {
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run() error {
	var asked asking
	if err := json.NewDecoder(os.Stdin).Decode(&asked); err != nil {
		return err
	}
	client := goplugin.NewClient(&goplugin.ClientConfig{
		Cmd: exec.Command(asked.Executable),
		HandshakeConfig: goplugin.HandshakeConfig{
			ProtocolVersion:  grpcplugin.ProtocolVersion,
			MagicCookieKey:   grpcplugin.MagicCookieKey,
			MagicCookieValue: grpcplugin.MagicCookieValue,
		},
		VersionedPlugins: map[int]goplugin.PluginSet{grpcplugin.ProtocolVersion: {
			"data":        &grpcplugin.DataGRPCPlugin{},
			"diagnostics": &grpcplugin.DiagnosticsGRPCPlugin{},
		}},
		AllowedProtocols: []goplugin.Protocol{goplugin.ProtocolGRPC},
		Logger:           hclog.New(&hclog.LoggerOptions{Level: hclog.Error, Output: os.Stderr}),
		StartTimeout:     time.Minute,
	})
	defer client.Kill()
	protocol, err := client.Client()
	if err != nil {
		return err
	}
	said, err := ask(protocol, asked)
	if err != nil {
		return err
	}
	return json.NewEncoder(os.Stdout).Encode(said)
}

func ask(protocol goplugin.ClientProtocol, asked asking) (*answer, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	rawDiagnostics, err := protocol.Dispense("diagnostics")
	if err != nil {
		return nil, err
	}
	rawData, err := protocol.Dispense("data")
	if err != nil {
		return nil, err
	}
	source := &pluginv2.PluginContext{
		OrgId:         1,
		PluginId:      "storepulse-commerce-datasource",
		PluginVersion: "0.0.0",
		DataSourceInstanceSettings: &pluginv2.DataSourceInstanceSettings{
			Id:                      1,
			Uid:                     "storepulse",
			Name:                    "Storepulse",
			JsonData:                asked.JSONData,
			DecryptedSecureJsonData: asked.Secrets,
			LastUpdatedMS:           1,
		},
	}
	health, err := rawDiagnostics.(grpcplugin.DiagnosticsClient).CheckHealth(ctx, &pluginv2.CheckHealthRequest{PluginContext: source})
	if err != nil {
		return nil, err
	}
	request := &pluginv2.QueryDataRequest{PluginContext: source, Headers: asked.Headers}
	for _, query := range asked.Queries {
		request.Queries = append(request.Queries, &pluginv2.DataQuery{
			RefId:         query.RefID,
			MaxDataPoints: query.MaxDataPoints,
			IntervalMS:    query.IntervalMs,
			TimeRange:     &pluginv2.TimeRange{FromEpochMS: query.From, ToEpochMS: query.To},
			Json:          query.Query,
		})
	}
	said := &answer{}
	said.Health.Status, said.Health.Message = health.Status.String(), health.Message
	response, err := rawData.(grpcplugin.DataClient).QueryData(ctx, request)
	if err != nil {
		return nil, err
	}
	said.Data, err = backend.FromProto().QueryDataResponse(response)
	return said, err
}
