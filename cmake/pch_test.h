// Precompiled for every test program.
#include "pch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
